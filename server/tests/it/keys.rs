//! API keys: their life, their rate, what they say of themselves.

use domain::access::Role;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, World};

on_both_databases!(
    a_key_is_shown_once_and_stored_hashed,
    scopes_add_up,
    a_key_expires,
    the_last_use_is_noted_to_the_minute,
    a_rotated_key_has_a_new_value_only,
    a_revoked_key_is_over_and_stays_listed,
    a_deleted_key_is_gone,
    a_rate_is_told_and_kept,
    a_rate_is_of_one_key,
    validity_tells_what_a_key_may_do,
);

/// Makes a key over REST. Answers with the key and its value.
async fn make(world: &World, body: Value) -> (Value, Caller) {
    let admin = world.bearer(Role::Admin).await;
    let made = world.post("/api/v1/keys").by(&admin).json(&body).send().await.expect(201).json();
    let value = made["key"].as_str().unwrap().to_owned();
    (made, Caller::Key(value))
}

async fn list(world: &World) -> Vec<Value> {
    let admin = world.bearer(Role::Admin).await;
    let body = world.get("/api/v1/keys").by(&admin).send().await.expect(200).json();
    body["items"].as_array().unwrap().clone()
}

async fn is_good(world: &World, key: &Caller) -> bool {
    world.get("/api/v1/openapi.json").by(key).send().await.status == 200
}

async fn a_key_is_shown_once_and_stored_hashed(world: World) {
    let (made, key) = make(&world, json!({ "name": " ci ", "scopes": ["write", "read", "read"] })).await;
    let value = made["key"].as_str().unwrap();
    assert!(value.len() == 67 && value.starts_with("rp_"), "{value}");
    assert!(value.starts_with(made["prefix"].as_str().unwrap()) && made["prefix"].as_str().unwrap().len() == 11);
    assert_eq!(
        (&made["name"], &made["scopes"], &made["rate_limit"]),
        (&json!("ci"), &json!(["read", "write"]), &json!(6_000))
    );
    world.get("/api/v1/services").by(&key).send().await.expect(200);
    world.get("/api/v1/services").by(&Caller::Bearer(value.to_owned())).send().await.expect(200);

    let admin = world.browser(Role::Admin).await;
    for path in ["/api/v1/keys", "/api/v1/audit", "/settings/keys", "/api/v1/system/status"] {
        let text = world.get(path).by(&admin).send().await.expect(200).text();
        assert!(!text.contains(value), "{path}");
    }
    let database = sea_orm::Database::connect(world.database_url()).await.unwrap();
    let sql = "SELECT name, prefix, hash, scopes FROM api_key";
    let row =
        database.query_one_raw(Statement::from_string(database.get_database_backend(), sql)).await.unwrap().unwrap();
    let column = |i| row.try_get_by_index::<String>(i).unwrap();
    assert_eq!((column(0), column(1), column(3)), ("ci".to_owned(), value[..11].to_owned(), "read write".to_owned()));
    let hash = column(2);
    assert!(hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) && !value.contains(&hash), "{hash}");
    database.close().await.unwrap();
}

async fn scopes_add_up(world: World) {
    let (_, key) = make(&world, json!({ "name": "both", "scopes": ["ingest", "read"] })).await;
    world.get("/api/v1/services").by(&key).send().await.expect(200);
    world.post("/api/v1/ingest/samples").by(&key).json(&json!({ "samples": [] })).send().await.expect(200);
    world.get("/api/v1/keys").by(&key).send().await.expect(403);
}

async fn a_key_expires(world: World) {
    let at = world.platform.now() + std::time::Duration::from_secs(600);
    let (made, key) = make(&world, json!({ "name": "short", "scopes": ["read"], "expires_at": at.to_rfc3339() })).await;
    assert_eq!(made["expires_at"].as_str().unwrap().parse::<domain::Time>().unwrap(), at);
    world.pass(599);
    assert!(is_good(&world, &key).await);
    world.pass(1);
    let refused = world.get("/api/v1/services").by(&key).send().await.expect(401);
    assert!(refused.header("ratelimit-limit").is_none());
    world.post("/api/v1/validate").by(&key).send().await.expect(401);
}

async fn the_last_use_is_noted_to_the_minute(world: World) {
    let (made, key) = make(&world, json!({ "name": "k", "scopes": ["read"] })).await;
    let last_used = async || list(&world).await[0]["last_used_at"].clone();
    assert_eq!((&made["last_used_at"], last_used().await), (&Value::Null, Value::Null));
    let mut seen = Vec::new();
    for seconds in [0, 30, 31, 59] {
        world.pass(seconds);
        assert!(is_good(&world, &key).await);
        seen.push(last_used().await);
    }
    assert!(seen[0] != Value::Null && seen[0] == seen[1] && seen[1] != seen[2] && seen[2] == seen[3], "{seen:?}");
}

async fn a_rotated_key_has_a_new_value_only(world: World) {
    let (made, old) = make(&world, json!({ "name": "k", "scopes": ["read"], "rate_limit": 7 })).await;
    assert!(is_good(&world, &old).await);
    let admin = world.bearer(Role::Admin).await;
    let path = format!("/api/v1/keys/{}/rotate", made["id"].as_str().unwrap());
    let rotated = world.post(&path).by(&admin).send().await.expect(200).json();
    for same in ["id", "name", "scopes", "rate_limit", "created_at"] {
        assert_eq!(made[same], rotated[same], "{same}");
    }
    assert_ne!(made["prefix"], rotated["prefix"]);
    assert!(!is_good(&world, &old).await, "the old value ends at once");
    assert!(is_good(&world, &Caller::Key(rotated["key"].as_str().unwrap().to_owned())).await);
}

async fn a_revoked_key_is_over_and_stays_listed(world: World) {
    let (made, key) = make(&world, json!({ "name": "k", "scopes": ["read"] })).await;
    assert!(is_good(&world, &key).await);
    let admin = world.bearer(Role::Admin).await;
    let path = |what: &str| format!("/api/v1/keys/{}/{what}", made["id"].as_str().unwrap());
    let revoked = world.post(&path("revoke")).by(&admin).send().await.expect(200).json();
    assert!(!is_good(&world, &key).await);
    world.pass(5);
    let again = world.post(&path("revoke")).by(&admin).send().await.expect(200).json();
    assert_eq!(again["revoked_at"], revoked["revoked_at"]);
    assert_eq!(world.post(&path("rotate")).by(&admin).send().await.expect(409).code(), "conflict");
    assert_eq!(list(&world).await[0]["revoked_at"], revoked["revoked_at"]);
}

async fn a_deleted_key_is_gone(world: World) {
    let (made, key) = make(&world, json!({ "name": "k", "scopes": ["read"] })).await;
    assert!(is_good(&world, &key).await);
    let admin = world.bearer(Role::Admin).await;
    let path = format!("/api/v1/keys/{}", made["id"].as_str().unwrap());
    world.call(http::Method::DELETE, &path).by(&admin).send().await.expect(204);
    assert!(!is_good(&world, &key).await);
    world.call(http::Method::DELETE, &path).by(&admin).send().await.expect(404);
    assert!(list(&world).await.is_empty());
}

/// Limit, remaining, and seconds until the whole limit is there again.
fn rate(answer: &Answer) -> [u64; 3] {
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"]
        .map(|name| answer.header(name).unwrap().parse().unwrap())
}

async fn a_rate_is_told_and_kept(world: World) {
    let (_, key) = make(&world, json!({ "name": "k", "scopes": ["read"], "rate_limit": 3 })).await;
    let get = async |path: &str| world.get(path).by(&key).send().await;
    assert_eq!(rate(&get("/api/v1/services").await.expect(200)), [3, 2, 20]);
    // Refusals cost as much, and tell as much.
    assert_eq!(rate(&get("/api/v1/users").await.expect(403)), [3, 1, 40]);
    assert_eq!(rate(&get("/api/v1/services/none").await.expect(404)), [3, 0, 60]);
    for (path, is_prometheus) in [("/api/v1/services", false), ("/api/v1/query?query=up", true)] {
        let refused = get(path).await.expect(429);
        assert_eq!(rate(&refused), [3, 0, 60]);
        assert_eq!((refused.header("retry-after"), refused.code().as_str()), (Some("20"), "rate_limited"));
        assert_eq!(refused.json()["error"].is_string(), is_prometheus);
    }
    world.pass(19);
    assert_eq!(get("/api/v1/services").await.expect(429).header("retry-after"), Some("1"));
    world.pass(1);
    assert_eq!(rate(&get("/api/v1/services").await.expect(200)), [3, 0, 60]);
    world.pass(60);
    assert_eq!(rate(&get("/api/v1/services").await.expect(200)), [3, 2, 20]);
}

async fn a_rate_is_of_one_key(world: World) {
    let (_, small) = make(&world, json!({ "name": "small", "scopes": ["read"], "rate_limit": 1 })).await;
    let (_, other) = make(&world, json!({ "name": "other", "scopes": ["read"], "rate_limit": 1 })).await;
    for key in [&small, &other] {
        world.get("/api/v1/openapi.json").by(key).send().await.expect(200);
        world.get("/api/v1/openapi.json").by(key).send().await.expect(429);
    }
    let person = world.bearer(Role::Viewer).await;
    assert!(world.get("/api/v1/openapi.json").by(&person).send().await.expect(200).header("ratelimit-limit").is_none());
}

async fn validity_tells_what_a_key_may_do(world: World) {
    let (made, key) = make(&world, json!({ "name": "ci", "scopes": ["gateway"], "rate_limit": 60 })).await;
    let answer = world.post("/api/v1/validate").by(&key).send().await.expect(200);
    let reset_at = world.platform.now() + std::time::Duration::from_secs(1);
    let body = answer.json();
    assert_eq!(
        body["rate_limit"]["reset_at"].as_str().unwrap().parse::<domain::Time>().unwrap().timestamp(),
        reset_at.timestamp()
    );
    assert_eq!((&body["rate_limit"]["limit"], &body["rate_limit"]["remaining"]), (&json!(60), &json!(59)));
    assert_eq!((&body["valid"], &body["name"], &body["scopes"]), (&json!(true), &json!("ci"), &json!(["gateway"])));
    assert_eq!(rate(&answer), [60, 59, 1]);
    let bearer = Caller::Bearer(made["key"].as_str().unwrap().to_owned());
    assert_eq!(rate(&world.post("/api/v1/validate").by(&bearer).send().await.expect(200)), [60, 58, 2]);
    for wrong in ["rp_", "rp_0000", ""] {
        world.post("/api/v1/validate").by(&Caller::Key(wrong.to_owned())).send().await.expect(401);
    }
}
