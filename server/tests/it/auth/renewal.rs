//! Cookies that are used are renewed, without anybody noticing.

use domain::access::Role;
use futures::future::join_all;

use super::{is_in, times_in_trail};
use crate::support::{Answer, Caller, World};

on_both_databases!(
    a_cookie_in_the_second_half_of_its_life_is_renewed,
    parallel_requests_are_all_served_and_given_the_same_log_in,
    a_renewal_is_sent_beside_other_cookies,
    a_log_out_ends_what_was_renewed_too,
    programs_are_not_renewed,
    files_that_caches_keep_carry_no_log_in,
);

const HALF: u64 = 43_200;

/// The log-in that an answer renews the cookie with.
fn renewed(answer: &Answer) -> Option<Caller> {
    let cookies = answer.cookies();
    let cookie = cookies.iter().find_map(|cookie| cookie.strip_prefix("bellwether_session="))?;
    let (_, max_age) = cookie.split_once("; Path=/; HttpOnly; SameSite=Lax; Max-Age=").unwrap();
    assert!((86_300..=86_400).contains(&max_age.parse::<u32>().unwrap()), "{cookie}");
    Some(Caller::Cookie(cookie.split(';').next().unwrap().to_owned()))
}

async fn a_cookie_in_the_second_half_of_its_life_is_renewed(world: World) {
    let old = world.browser(Role::Viewer).await;
    world.pass(HALF);
    let answer = world.get("/api/v1/auth/me").by(&old).send().await.expect(200);
    assert!(renewed(&answer).is_none(), "not before the half is over");
    let last_login_at = answer.json()["last_login_at"].clone();
    world.pass(1);
    let answer = world.get("/api/v1/auth/me").by(&old).send().await.expect(200);
    let fresh = renewed(&answer).unwrap();
    assert_eq!(answer.json()["role"], "viewer");

    // The old cookie goes on for a minute, for what is under way, and leads to the same log-in.
    world.pass(59);
    let late = world.get("/api/v1/auth/me").by(&old).send().await.expect(200);
    assert!(renewed(&late).is_some());
    world.pass(1);
    assert!(!is_in(&world, &old).await);
    let me = world.get("/api/v1/auth/me").by(&fresh).send().await.expect(200);
    assert!(renewed(&me).is_none());
    assert_eq!(me.json()["last_login_at"], last_login_at, "a renewal is no log-in");
    assert_eq!(times_in_trail(&world, "auth.logged_in").await, 1);
    world.pass(86_000);
    assert!(is_in(&world, &fresh).await);
}

async fn parallel_requests_are_all_served_and_given_the_same_log_in(world: World) {
    let old = world.browser(Role::Viewer).await;
    world.pass(HALF + 1);
    let requests = (0..16).map(|_| world.get("/api/v1/auth/me").by(&old).send());
    let mut fresh = Vec::new();
    for answer in join_all(requests).await {
        let Some(Caller::Cookie(token)) = renewed(&answer.expect(200)) else { panic!("not renewed") };
        fresh.push(token);
    }
    fresh.dedup();
    assert_eq!(fresh.len(), 1, "one log-in was made for all");
    world.pass(61);
    assert!(is_in(&world, &Caller::Cookie(fresh.remove(0))).await);
}

async fn a_renewal_is_sent_beside_other_cookies(world: World) {
    let old = world.browser(Role::Viewer).await;
    world.pass(HALF + 1);
    let answer = world.post("/rpc/set_theme").by(&old).form("theme=dark").send().await.expect(200);
    assert_eq!(answer.cookies().len(), 2, "{:?}", answer.cookies());
    assert!(is_in(&world, &renewed(&answer).unwrap()).await);
}

async fn a_log_out_ends_what_was_renewed_too(world: World) {
    let old = world.browser(Role::Viewer).await;
    world.pass(HALF + 1);
    let fresh = renewed(&world.get("/").by(&old).send().await.expect(200)).unwrap();
    let answer = world.post("/api/v1/auth/logout").by(&old).send().await.expect(204);
    assert!(answer.cookies().iter().all(|cookie| cookie.contains("Max-Age=0")), "{:?}", answer.cookies());
    assert!(!is_in(&world, &fresh).await && !is_in(&world, &old).await);

    // The same the other way round, and in the very request that would have renewed.
    let old = world.browser(Role::Viewer).await;
    world.pass(HALF + 1);
    let fresh = renewed(&world.get("/").by(&old).send().await.expect(200)).unwrap();
    world.post("/api/v1/auth/logout").by(&fresh).send().await.expect(204);
    assert!(!is_in(&world, &old).await && !is_in(&world, &fresh).await);
    let last = world.browser(Role::Viewer).await;
    world.pass(HALF + 1);
    let answer = world.post("/api/v1/auth/logout").by(&last).send().await.expect(204);
    assert_eq!(answer.cookies(), ["bellwether_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
    assert!(!is_in(&world, &last).await);
}

async fn programs_are_not_renewed(world: World) {
    let program = world.bearer(Role::Viewer).await;
    world.pass(HALF + 1);
    let answer = world.get("/api/v1/auth/me").by(&program).send().await.expect(200);
    assert!(answer.cookies().is_empty());
    world.pass(61);
    assert!(is_in(&world, &program).await);
}

async fn files_that_caches_keep_carry_no_log_in(world: World) {
    let old = world.browser(Role::Viewer).await;
    let page = world.get("/login").send().await.expect(200).text();
    let Some(path) = page.split('"').find(|part| part.starts_with("/pkg/") && part.ends_with(".css")) else {
        println!("skipped: this binary was built without its web files");
        return;
    };
    world.pass(HALF + 1);
    let file = world.get(path).by(&old).send().await.expect(200);
    assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(file.cookies().is_empty());
    world.pass(61);
    assert!(is_in(&world, &old).await, "and it ends none");
}
