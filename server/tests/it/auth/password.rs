//! Passwords: changing one's own, and one-time links.

use domain::access::Role;
use serde_json::json;

use super::{is_in, opens, trail};
use crate::support::{Answer, Caller, PASSWORD, World};

on_both_databases!(
    a_changed_password_ends_all_other_log_ins,
    a_change_needs_the_current_password,
    a_one_time_link_works_once,
    a_link_ends_with_the_next_one_and_after_a_day,
    a_new_person_sets_a_password_with_the_link,
    guessing_links_is_slowed_down,
);

const NEW: &str = "a new and longer one";

async fn change(world: &World, caller: &Caller, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    world.post("/api/v1/auth/password").by(caller).json(&body).send().await
}

async fn reset(world: &World, token: &str, new: &str) -> Answer {
    world.post("/api/v1/auth/reset").json(&json!({ "token": token, "new_password": new })).send().await
}

/// The token of a link for the viewer.
async fn make_link(world: &World, admin: &Caller) -> String {
    let id = world.person(Role::Viewer).await;
    let answer = world.post(&format!("/api/v1/users/{id}/reset-link")).by(admin).send().await.expect(201).json();
    token_of(answer["url"].as_str().unwrap())
}

fn token_of(url: &str) -> String {
    let (page, token) = url.split_once("?token=").unwrap();
    assert_eq!(page, "http://127.0.0.1:3000/reset-password");
    assert_eq!(token.len(), 64);
    token.to_owned()
}

async fn a_changed_password_ends_all_other_log_ins(world: World) {
    let (here, elsewhere) = (world.browser(Role::Viewer).await, world.bearer(Role::Viewer).await);
    let somebody_else = world.bearer(Role::Admin).await;
    let answer = change(&world, &here, PASSWORD, NEW).await.expect(200);
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    assert!(answer.cookies()[0].starts_with(&format!("bellwether_session={token};")));
    assert!(is_in(&world, &Caller::Cookie(token)).await);
    assert!(!is_in(&world, &elsewhere).await && !is_in(&world, &here).await);
    assert!(is_in(&world, &somebody_else).await);
    assert!(!opens(&world, Role::Viewer, PASSWORD).await);
    assert!(opens(&world, Role::Viewer, NEW).await);
    let trail = trail(&world).await;
    assert!(trail.contains(&("auth.password_changed".to_owned(), "viewer@example.com".to_owned())), "{trail:?}");
}

async fn a_change_needs_the_current_password(world: World) {
    let here = world.browser(Role::Viewer).await;
    for short in ["", "12345678901", &"x".repeat(129)] {
        assert_eq!(change(&world, &here, PASSWORD, short).await.expect(422).fields(), ["new_password"]);
    }
    for _ in 0..5 {
        assert_eq!(change(&world, &here, "not the one at all", NEW).await.expect(422).fields(), ["current_password"]);
    }
    change(&world, &here, PASSWORD, NEW).await.expect(429);
    world.pass(1);
    change(&world, &here, PASSWORD, NEW).await.expect(200);
}

async fn a_one_time_link_works_once(world: World) {
    let admin = world.bearer(Role::Admin).await;
    let person = world.bearer(Role::Viewer).await;
    let token = make_link(&world, &admin).await;
    assert_eq!(reset(&world, &token, "short").await.expect(422).fields(), ["new_password"]);
    reset(&world, &token, NEW).await.expect(204);
    assert!(!is_in(&world, &person).await, "log-ins from before have ended");
    assert!(opens(&world, Role::Viewer, NEW).await);
    assert_eq!(reset(&world, &token, PASSWORD).await.expect(422).fields(), ["token"]);
    let trail = trail(&world).await;
    for action in ["user.reset_link_made", "auth.password_reset"] {
        assert!(trail.iter().any(|(name, _)| name == action), "{trail:?}");
    }
    assert!(!format!("{trail:?}").contains(&token));
}

async fn a_link_ends_with_the_next_one_and_after_a_day(world: World) {
    let admin = world.key(&[domain::access::Scope::Admin]).await;
    let first = make_link(&world, &admin).await;
    let second = make_link(&world, &admin).await;
    reset(&world, &first, NEW).await.expect(422);
    world.pass(86_400);
    reset(&world, &second, NEW).await.expect(422);
    let third = make_link(&world, &admin).await;
    world.pass(86_399);
    reset(&world, &third, NEW).await.expect(204);
}

async fn a_new_person_sets_a_password_with_the_link(world: World) {
    let admin = world.bearer(Role::Admin).await;
    let body = json!({ "email": "New@Example.com", "role": "operator" });
    let made = world.post("/api/v1/users").by(&admin).json(&body).send().await.expect(201).json();
    assert_eq!((&made["email"], &made["role"]), (&json!("new@example.com"), &json!("operator")));
    let token = token_of(made["reset_link"]["url"].as_str().unwrap());
    reset(&world, &token, NEW).await.expect(204);
    super::try_log_in(&world, "new@example.com", NEW).await.expect(200);
}

async fn guessing_links_is_slowed_down(world: World) {
    for i in 0..20 {
        reset(&world, &format!("{i:064}"), NEW).await.expect(422);
    }
    let refused = reset(&world, "x\0", NEW).await.expect(429);
    assert_eq!(refused.header("retry-after"), Some("1"));
}
