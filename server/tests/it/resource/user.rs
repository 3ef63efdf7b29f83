//! People.

use domain::access::Scope;
use serde_json::{Value, json};

use super::{delete, each, get, post, put};
use crate::support::{PASSWORD, World};

on_both_databases!(a_person_is_made_changed_and_deleted, an_e_mail_is_there_once);

async fn a_person_is_made_changed_and_deleted(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    let input = json!({ "email": "New@Example.com", "name": " Ada ", "role": "operator", "password": PASSWORD });
    let made = post(&world, "/api/v1/users", &caller, input).await.expect(201).json();
    assert_eq!((&made["email"], &made["name"]), (&json!("new@example.com"), &json!("Ada")));
    assert_eq!((&made["reset_link"], &made["last_login_at"]), (&Value::Null, &Value::Null));
    let path = format!("/api/v1/users/{}", made["id"].as_str().unwrap());
    let shown = get(&world, &path, &caller).await;
    let names: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["created_at", "email", "id", "is_disabled", "last_login_at", "name", "role", "team_id"];
    assert_eq!(names, expected, "nothing else is ever shown of a person");
    let changed = put(&world, &path, &caller, json!({ "role": "viewer", "name": "" })).await.expect(200).json();
    assert_eq!(
        (&changed["role"], &changed["name"], &changed["email"]),
        (&json!("viewer"), &json!(""), &json!("new@example.com"))
    );
    assert_eq!(
        put(&world, &path, &caller, json!({ "email": "other@example.com" })).await.expect(422).fields(),
        ["email"]
    );
    assert_eq!(put(&world, &path, &caller, json!({ "name": "a\u{7}" })).await.expect(422).fields(), ["name"]);
    delete(&world, &path, &caller).await;
    let audit = get(&world, "/api/v1/audit", &caller).await;
    assert_eq!(each(&audit, "action")[..3], ["user.deleted", "user.changed", "user.created"]);
}

async fn an_e_mail_is_there_once(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    for email in ["b@example.com", "a@example.com"] {
        post(&world, "/api/v1/users", &caller, json!({ "email": email, "role": "viewer" })).await.expect(201);
    }
    let twice = post(&world, "/api/v1/users", &caller, json!({ "email": "A@EXAMPLE.COM", "role": "admin" })).await;
    assert_eq!(twice.expect(409).code(), "conflict");
    let users = get(&world, "/api/v1/users", &caller).await;
    assert_eq!(each(&users, "email"), ["a@example.com", "b@example.com"]);
    assert_eq!(each(&users, "role"), ["viewer", "viewer"]);
}
