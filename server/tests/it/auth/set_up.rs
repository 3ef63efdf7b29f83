//! The first administrator.

use domain::access::Role;
use futures::future::join_all;
use serde_json::json;

use super::{is_in, trail};
use crate::support::{Answer, Caller, PASSWORD, World};

on_both_databases!(
    the_first_visitor_makes_the_administrator,
    there_is_no_set_up_where_there_is_a_user,
    of_many_who_try_at_once_one_succeeds,
    the_last_administrator_stays,
    of_two_administrators_who_demote_each_other_one_stays,
);

async fn set_up(world: &World, email: &str, password: &str) -> Answer {
    world.post("/api/v1/auth/setup").json(&json!({ "email": email, "password": password })).send().await
}

async fn the_first_visitor_makes_the_administrator(world: World) {
    for path in ["/", "/login", "/services?range=1h"] {
        let page = world.get(path).send().await.expect(302);
        assert_eq!(page.header("location"), Some("/set-up"), "{path}");
    }
    world.get("/set-up").send().await.expect(200);
    assert_eq!(set_up(&world, "nobody", "short").await.expect(422).fields(), ["email", "password"]);
    let answer = set_up(&world, "First@Example.com", PASSWORD).await.expect(200);
    let body = answer.json();
    assert_eq!((&body["user"]["role"], &body["user"]["email"]), (&json!("admin"), &json!("first@example.com")));
    let token = body["token"].as_str().unwrap().to_owned();
    assert!(answer.cookies()[0].starts_with(&format!("bellwether_session={token};")));
    assert!(is_in(&world, &Caller::Cookie(token)).await);
    assert!(trail(&world).await.contains(&("user.created".to_owned(), "first@example.com".to_owned())));
}

async fn there_is_no_set_up_where_there_is_a_user(world: World) {
    world.person(Role::Viewer).await;
    assert_eq!(set_up(&world, "second@example.com", PASSWORD).await.expect(409).code(), "conflict");
    let form = format!("input[email]=second@example.com&input[password]={}", PASSWORD.replace(' ', "+"));
    world.post("/rpc/set_up").form(&form).send().await.expect(409);
    let page = world.get("/set-up").send().await.expect(302);
    assert_eq!(page.header("location"), Some("/login"));
}

async fn of_many_who_try_at_once_one_succeeds(world: World) {
    let emails: Vec<_> = (0..8).map(|i| format!("{i}@example.com")).collect();
    let answers = join_all(emails.iter().map(|email| set_up(&world, email, PASSWORD))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    let admin = world.key(&[domain::access::Scope::Admin]).await;
    let users = world.get("/api/v1/users").by(&admin).send().await.expect(200).json();
    assert_eq!(users["items"].as_array().unwrap().len(), 1);
}

async fn the_last_administrator_stays(world: World) {
    let admin = world.bearer(Role::Admin).await;
    let path = format!("/api/v1/users/{}", world.person(Role::Admin).await);
    for change in [json!({ "role": "operator" }), json!({ "is_disabled": true })] {
        let refused = world.call(http::Method::PUT, &path).by(&admin).json(&change).send().await.expect(409);
        assert!(refused.text().contains("last administrator"), "{}", refused.text());
    }
    world.call(http::Method::DELETE, &path).by(&admin).send().await.expect(409);
    let rename = json!({ "name": "The one", "role": "admin", "is_disabled": false });
    world.call(http::Method::PUT, &path).by(&admin).json(&rename).send().await.expect(200);
}

async fn of_two_administrators_who_demote_each_other_one_stays(world: World) {
    let key = world.key(&[domain::access::Scope::Admin]).await;
    let mut paths = Vec::new();
    for email in ["a@example.com", "b@example.com"] {
        let body = json!({ "email": email, "role": "admin", "password": PASSWORD });
        let made = world.post("/api/v1/users").by(&key).json(&body).send().await.expect(201).json();
        paths.push(format!("/api/v1/users/{}", made["id"].as_str().unwrap()));
    }
    for _ in 0..5 {
        let demote =
            |path: &String| world.call(http::Method::PUT, path).by(&key).json(&json!({ "role": "viewer" })).send();
        let mut statuses: Vec<_> = join_all(paths.iter().map(demote)).await.iter().map(|a| a.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let promote =
            |path: &String| world.call(http::Method::PUT, path).by(&key).json(&json!({ "role": "admin" })).send();
        join_all(paths.iter().map(promote)).await;
    }
}
