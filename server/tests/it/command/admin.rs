//! Commands that administer an installation, beside a process that serves or without one.

use domain::access::Scope;
use serde_json::json;

use super::{Outcome, run};
use crate::support::{Caller, PASSWORD, World};

on_both_databases!(
    a_person_is_made_with_a_password_from_standard_input,
    a_person_without_a_password_gets_a_link,
    a_person_that_cannot_be_made_is_1,
    a_forgotten_password_gets_a_link,
    a_key_is_printed_alone,
    migrations_run_alone_and_again,
);

async fn bellwether(world: &World, arguments: &[&str], input: &str) -> Outcome {
    run(&world.environment, arguments, input).await
}

async fn log_in(world: &World, email: &str, password: &str) -> u16 {
    let body = json!({ "email": email, "password": password });
    world.post("/api/v1/auth/login").json(&body).send().await.status.as_u16()
}

/// Sets a password with what is behind the link.
async fn use_link(world: &World, printed: &str) {
    let (page, token) = printed.trim_end().split_once("?token=").unwrap();
    assert_eq!(page, "http://127.0.0.1:3000/reset-password");
    let body = json!({ "token": token, "new_password": PASSWORD });
    world.post("/api/v1/auth/reset").json(&body).send().await.expect(204);
}

async fn a_person_is_made_with_a_password_from_standard_input(world: World) {
    let arguments = ["user", "create", "--email", "Ada@Example.com", "--role", "admin", "--name", "Ada"];
    let made = bellwether(&world, &arguments, &format!("{PASSWORD}\n")).await.expect(0);
    assert_eq!((made.out.as_str(), made.err.as_str()), ("", "ada@example.com is admin\n"));
    assert_eq!(log_in(&world, "ada@example.com", PASSWORD).await, 200);
    assert!(!format!("{made:?}").contains(PASSWORD));
}

async fn a_person_without_a_password_gets_a_link(world: World) {
    let made =
        bellwether(&world, &["user", "create", "--email", "a@example.com", "--role", "viewer"], "").await.expect(0);
    assert_eq!(made.out.lines().count(), 1, "the link alone: {made:?}");
    use_link(&world, &made.out).await;
    assert_eq!(log_in(&world, "a@example.com", PASSWORD).await, 200);
}

async fn a_person_that_cannot_be_made_is_1(world: World) {
    let create = async |email: &str, password: &str| {
        bellwether(&world, &["user", "create", "--email", email, "--role", "viewer"], password).await.expect(1).err
    };
    assert!(create("nobody", PASSWORD).await.contains("email: must be an e-mail address"));
    assert!(create("a@example.com", "short").await.contains("password: must have 12 to 128 characters"));
    bellwether(&world, &["user", "create", "--email", "a@example.com", "--role", "viewer"], PASSWORD).await.expect(0);
    assert!(create("A@example.com", PASSWORD).await.contains("there is a user with this e-mail already"));
    let wrong =
        bellwether(&world, &["user", "create", "--email", "b@example.com", "--role", "root"], PASSWORD).await.expect(2);
    assert!(wrong.err.contains("is not one of viewer, operator, admin"), "{wrong:?}");
}

async fn a_forgotten_password_gets_a_link(world: World) {
    let unknown = bellwether(&world, &["user", "reset", "--email", "a@example.com"], "").await.expect(1);
    assert!(unknown.err.contains("there is no user with this e-mail"), "{unknown:?}");
    bellwether(&world, &["user", "create", "--email", "a@example.com", "--role", "viewer"], "another password")
        .await
        .expect(0);
    let link = bellwether(&world, &["user", "reset", "--email", "A@example.com"], "").await.expect(0);
    use_link(&world, &link.out).await;
    assert_eq!(log_in(&world, "a@example.com", PASSWORD).await, 200);
    assert_eq!(log_in(&world, "a@example.com", "another password").await, 401);
}

async fn a_key_is_printed_alone(world: World) {
    let arguments = ["key", "create", "--name", "ci", "--scopes", "read,ingest", "--rate-limit", "5"];
    let made = bellwether(&world, &arguments, "").await.expect(0);
    assert_eq!(made.err, "");
    let key = made.out.strip_suffix('\n').unwrap();
    assert!(key.starts_with("rp_") && key.len() == 67, "{key:?}");
    let key = Caller::Key(key.to_owned());
    let answer = world.get("/api/v1/services").by(&key).send().await.expect(200);
    assert_eq!(answer.header("ratelimit-limit"), Some("5"));
    world.get("/api/v1/keys").by(&key).send().await.expect(403);

    let wrong = bellwether(&world, &["key", "create", "--name", "x", "--scopes", "read,root"], "").await.expect(2);
    assert!(wrong.err.contains("is not one of read, write, admin, ingest, gateway"), "{wrong:?}");
    let wrong = bellwether(&world, &["key", "create", "--name", " ", "--scopes", "read"], "").await.expect(1);
    assert!(wrong.err.contains("name: must not be empty"), "{wrong:?}");
    let wrong = ["key", "create", "--name", "x", "--scopes", "read", "--rate-limit", "0"];
    assert!(bellwether(&world, &wrong, "").await.expect(1).err.contains("rate_limit: must be between"));
    let admin = world.key(&[Scope::Admin]).await;
    let trail = world.get("/api/v1/audit").by(&admin).send().await.expect(200).json();
    assert_eq!((&trail["items"][1]["action"], &trail["items"][1]["actor"]), (&json!("key.created"), &json!("system")));
}

async fn migrations_run_alone_and_again(world: World) {
    for _ in 0..2 {
        let done = bellwether(&world, &["migrate"], "").await.expect(0);
        assert!(done.err.starts_with("the database is at m0"), "{done:?}");
    }
    let mut nowhere = world.environment.clone();
    nowhere.retain(|(key, _)| !key.starts_with("BELLWETHER__DATABASE"));
    for url in ["postgres://nobody@127.0.0.1:1/none", "sqlite:/proc/none/bellwether.db"] {
        nowhere.push(("BELLWETHER__DATABASE__URL".to_owned(), url.to_owned()));
        nowhere.push(("BELLWETHER__DATABASE__ACQUIRE_TIMEOUT_SECS".to_owned(), "1".to_owned()));
        let failed = run(&nowhere, &["migrate"], "").await.expect(1);
        assert!(failed.err.starts_with("bellwether: "), "{failed:?}");
        nowhere.truncate(nowhere.len() - 2);
    }
}
