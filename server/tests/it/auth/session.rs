//! Log-ins and how they end.

use domain::access::Role;
use domain::user::UpdateUser;
use platform::actor::Actor;

use super::{is_in, times_in_trail};
use crate::support::{Caller, World};

on_both_databases!(
    a_log_out_ends_this_log_in_only,
    log_out_everywhere_ends_all_of_this_person_only,
    a_refresh_replaces_the_token,
    a_log_in_ends_by_itself,
    what_happens_to_a_person_counts_at_once,
    credentials_that_are_not_good_are_refused_and_a_cookie_is_forgotten,
    keys_have_no_log_in,
);

async fn both(world: &World, role: Role) -> (Caller, Caller) {
    let token = world.log_in(role).await.token;
    (Caller::Bearer(token.clone()), Caller::Cookie(token))
}

async fn a_log_out_ends_this_log_in_only(world: World) {
    let (first, browser) = both(&world, Role::Viewer).await;
    let second = world.bearer(Role::Viewer).await;
    assert!(is_in(&world, &first).await && is_in(&world, &second).await);
    let answer = world.post("/api/v1/auth/logout").by(&browser).send().await.expect(204);
    assert_eq!(answer.cookies(), ["bellwether_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
    assert!(!is_in(&world, &first).await && !is_in(&world, &browser).await);
    assert!(is_in(&world, &second).await);
    world.post("/api/v1/auth/logout").by(&first).send().await.expect(401);
}

async fn log_out_everywhere_ends_all_of_this_person_only(world: World) {
    let (first, second) = (world.bearer(Role::Viewer).await, world.browser(Role::Viewer).await);
    let other = world.bearer(Role::Admin).await;
    let answer = world.post("/api/v1/auth/logout-everywhere").by(&second).send().await.expect(204);
    assert!(answer.cookies()[0].contains("Max-Age=0"));
    assert!(!is_in(&world, &first).await && !is_in(&world, &second).await);
    assert!(is_in(&world, &other).await);
    assert_eq!(times_in_trail(&world, "auth.logged_out_everywhere").await, 1);
}

async fn a_refresh_replaces_the_token(world: World) {
    let old = world.bearer(Role::Operator).await;
    world.pass(3_600);
    let answer = world.post("/api/v1/auth/refresh").by(&old).send().await.expect(200);
    let body = answer.json();
    let fresh = Caller::Bearer(body["token"].as_str().unwrap().to_owned());
    assert!(!is_in(&world, &old).await, "the old token ends");
    world.pass(86_399);
    assert!(is_in(&world, &fresh).await, "the new one lasts its whole time");
    assert_eq!(times_in_trail(&world, "auth.logged_in").await, 1, "a refresh is no log-in");
}

async fn a_log_in_ends_by_itself(world: World) {
    let (program, browser) = both(&world, Role::Viewer).await;
    world.pass(86_399);
    assert!(is_in(&world, &program).await);
    world.pass(1);
    assert!(!is_in(&world, &program).await && !is_in(&world, &browser).await);
}

async fn what_happens_to_a_person_counts_at_once(world: World) {
    let admin = world.bearer(Role::Admin).await;
    let (viewer, operator) = (world.bearer(Role::Viewer).await, world.browser(Role::Operator).await);
    let id = world.person(Role::Viewer).await;
    world.get("/api/v1/users").by(&viewer).send().await.expect(403);
    let path = format!("/api/v1/users/{id}");
    let change = |body: serde_json::Value| world.call(http::Method::PUT, &path).by(&admin).json(&body).send();
    change(serde_json::json!({ "role": "admin" })).await.expect(200);
    world.get("/api/v1/users").by(&viewer).send().await.expect(200);
    change(serde_json::json!({ "role": "viewer" })).await.expect(200);
    world.get("/api/v1/users").by(&viewer).send().await.expect(403);
    change(serde_json::json!({ "is_disabled": true })).await.expect(200);
    assert!(!is_in(&world, &viewer).await);
    change(serde_json::json!({ "is_disabled": false })).await.expect(200);
    assert!(!is_in(&world, &viewer).await, "a log-in that was ended stays ended");

    let id = world.person(Role::Operator).await;
    world.call(http::Method::DELETE, &format!("/api/v1/users/{id}")).by(&admin).send().await.expect(204);
    assert!(!is_in(&world, &operator).await);
    // Enabled again, they can log in again.
    let viewer = world.bearer(Role::Viewer).await;
    let rename = UpdateUser { name: Some("Somebody".to_owned()), ..UpdateUser::default() };
    world.platform.users().update(&Actor::System, world.person(Role::Viewer).await, rename).await.unwrap();
    let me = world.get("/api/v1/auth/me").by(&viewer).send().await.expect(200).json();
    assert_eq!(me["name"], "Somebody");
}

async fn credentials_that_are_not_good_are_refused_and_a_cookie_is_forgotten(world: World) {
    let token = world.log_in(Role::Viewer).await.token;
    let (head, signature) = token.rsplit_once('.').unwrap();
    let other = World::start_with("sqlite::memory:", &[]).await;
    let of_another_server = other.log_in(Role::Viewer).await.token;
    other.platform.finish_stop().await;
    let (_, claims) = head.split_once('.').unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
    let cut = format!("{head}.{}", &signature[1..]);
    let wrong = ["", "x", "rp_", "rp_00", "a.b.c", &unsigned, &cut, &of_another_server, &"x".repeat(4_000)];
    for value in wrong {
        for caller in [Caller::Bearer(value.to_owned()), Caller::Key(value.to_owned())] {
            let refused = world.get("/api/v1/openapi.json").by(&caller).send().await.expect(401);
            assert_eq!(refused.code(), "not_authenticated", "{caller:?}");
            assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
        }
        // Whoever comes with an old cookie sees the public pages, and nothing else.
        let caller = Caller::Cookie(value.to_owned());
        world.get("/api/v1/openapi.json").by(&caller).send().await.expect(200);
        world.get("/api/v1/services").by(&caller).send().await.expect(401);
    }
    for (name, value) in [("authorization", b"Bearer \xff\xfe".as_slice()), ("x-api-key", b"\xff")] {
        world.get("/api/v1/openapi.json").header(name, value).send().await.expect(401);
    }
    // A token of a person as a key is none; a key as bearer is one.
    world.get("/api/v1/openapi.json").by(&Caller::Key(token)).send().await.expect(401);
}

async fn keys_have_no_log_in(world: World) {
    let key = world.key(domain::access::Scope::ALL).await;
    for path in ["/api/v1/auth/logout", "/api/v1/auth/logout-everywhere", "/api/v1/auth/refresh"] {
        let refused = world.post(path).by(&key).send().await.expect(403);
        assert!(refused.text().contains("an API key has none"), "{}", refused.text());
    }
}
