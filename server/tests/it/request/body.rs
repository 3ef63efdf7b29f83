//! Bodies that cannot be read or hold what is not acceptable.
//!
//! Always true: a refused body has changed nothing.

use domain::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::{Caller, World};

on_both_databases!(
    a_body_that_is_not_json_is_malformed,
    a_wrong_value_is_named_with_its_place,
    a_body_of_another_type_is_not_read,
    the_other_door_refuses_the_same_way,
    what_an_input_may_not_hold,
);

async fn count(world: &World, path: &str, caller: &Caller) -> usize {
    world.get(path).by(caller).send().await.expect(200).json()["items"].as_array().unwrap().len()
}

async fn a_body_that_is_not_json_is_malformed(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 10] = [
        b"",
        b" ",
        b"{",
        b"{\"name\": \"a\"",
        b"{\"name\": \"a\"} {}",
        b"{\"name\": \"a\xff\"}",
        b"\xef\xbb\xbf{\"name\": \"a\"}",
        b"{\"name\": \"\\ud800\"}",
        b"name=a",
        deep.as_bytes(),
    ];
    for body in bodies {
        let refused = world.post("/api/v1/teams").by(&admin).body("application/json", body.to_vec()).send().await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]);
        // Nesting that no input has is refused for what it is instead, as soon as it is seen.
        let expected = if body.len() > 1_000 { 422 } else { 400 };
        assert_eq!(refused.status.as_u16(), expected, "{shown}: {}", refused.text());
        assert!(matches!(refused.code().as_str(), "malformed_request" | "invalid_input"), "{shown}");
    }
    assert_eq!(count(&world, "/api/v1/teams", &admin).await, 0);
}

async fn a_wrong_value_is_named_with_its_place(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    let objective = |part: Value| {
        let mut whole = json!({ "metric": "m", "comparison": "below", "threshold": 1.0, "target_percent": 99.0 });
        whole.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        json!({ "name": "a", "objectives": [whole] })
    };
    let table = [
        ("/api/v1/services", json!({}), "name"),
        ("/api/v1/services", json!([]), "body"),
        ("/api/v1/services", json!("a"), "body"),
        ("/api/v1/services", json!(null), "body"),
        ("/api/v1/services", json!({ "name": 1 }), "name"),
        ("/api/v1/services", json!({ "name": null }), "name"),
        ("/api/v1/services", json!({ "name": "a", "nmae": "b" }), "nmae"),
        ("/api/v1/services", json!({ "name": "a b" }), "name"),
        ("/api/v1/services", json!({ "name": "a\u{0}" }), "name"),
        ("/api/v1/services", json!({ "name": "x".repeat(129) }), "name"),
        ("/api/v1/services", json!({ "name": "a", "team_id": "usr_0190a0a0a0a07000800000000000000f" }), "team_id"),
        ("/api/v1/services", json!({ "name": "a", "team_id": "team_0190a0a0a0a07000800000000000000f" }), "team_id"),
        ("/api/v1/services", json!({ "name": "a", "labels": { "k": 1 } }), "labels.k"),
        ("/api/v1/services", json!({ "name": "a", "labels": { "k": "\u{0}" } }), "labels.k"),
        ("/api/v1/services", json!({ "name": "a", "dependencies": ["a"] }), "dependencies[0]"),
        ("/api/v1/services", json!({ "name": "a", "dependencies": ["b", 7] }), "dependencies[1]"),
        ("/api/v1/services", objective(json!({ "threshold": "fast" })), "objectives[0].threshold"),
        ("/api/v1/services", objective(json!({ "comparison": "around" })), "objectives[0].comparison"),
        ("/api/v1/services", objective(json!({ "target_percent": 101.0 })), "objectives[0].target_percent"),
        ("/api/v1/services", objective(json!({ "extra": 1 })), "objectives[0].extra"),
        ("/api/v1/users", json!({ "email": "a@b", "role": "root" }), "role"),
        ("/api/v1/users", json!({ "email": "a@b" }), "role"),
        ("/api/v1/users", json!({ "email": "a\u{0}@b", "role": "viewer" }), "email"),
        ("/api/v1/users", json!({ "email": "a@b", "role": "viewer", "password": "short" }), "password"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": [] }), "scopes"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read", "root"] }), "scopes[1]"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read"], "rate_limit": 0 }), "rate_limit"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read"], "rate_limit": -1 }), "rate_limit"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read"], "rate_limit": 1.5 }), "rate_limit"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read"], "rate_limit": u64::MAX }), "rate_limit"),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read"], "expires_at": "tomorrow" }), "expires_at"),
        (
            "/api/v1/keys",
            json!({ "name": "k", "scopes": ["read"], "expires_at": "2001-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (
            "/api/v1/keys",
            json!({ "name": "k", "scopes": ["read"], "expires_at": "+200000-01-01T00:00:00Z" }),
            "expires_at",
        ),
        ("/api/v1/targets", json!({ "service": "a", "url": "ftp://a" }), "url"),
        ("/api/v1/targets", json!({ "service": "a", "url": "http://a", "interval_ms": 499 }), "interval_ms"),
        ("/api/v1/targets", json!({ "service": "a", "url": "http://a", "timeout_ms": 15_001 }), "timeout_ms"),
        (
            "/api/v1/targets",
            json!({ "service": "a", "url": "http://a", "sample_limit": 4_294_967_296_u64 }),
            "sample_limit",
        ),
        ("/api/v1/targets", json!({ "service": "a", "url": "http://a", "labels": { "0a": "x" } }), "labels.0a"),
        ("/api/v1/demo/inject", json!({ "service": "orders", "fault": "latency", "intensity": 1e300 }), "intensity"),
    ];
    for (path, body, field) in &table {
        let refused = world.post(path).by(&admin).json(body).send().await;
        assert_eq!(refused.status, 422, "{path} {body}: {}", refused.text());
        assert_eq!(refused.code(), "invalid_input");
        assert!(refused.fields().contains(&(*field).to_owned()), "{path} {body}: {}", refused.text());
    }
    for path in ["/api/v1/services", "/api/v1/users", "/api/v1/targets"] {
        assert_eq!(count(&world, path, &admin).await, 0, "{path}");
    }
    assert_eq!(count(&world, "/api/v1/keys", &admin).await, 1, "the one that asks");
}

async fn a_body_of_another_type_is_not_read(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "json"] {
        let refused = world.post("/api/v1/teams").by(&admin).body(kind, r#"{"name": "a"}"#).send().await.expect(415);
        assert_eq!(refused.code(), "unsupported_media_type");
    }
    for (i, kind) in ["application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"].iter().enumerate() {
        world.post("/api/v1/teams").by(&admin).body(kind, format!(r#"{{"name": "a{i}"}}"#)).send().await.expect(201);
    }
    world.post("/api/v1/write").by(&world.key(&[Scope::Ingest]).await).body("text/plain", "").send().await.expect(415);
}

async fn the_other_door_refuses_the_same_way(world: World) {
    let browser = world.browser(Role::Admin).await;
    let call = |path: &str| world.post(path).by(&browser);
    for (path, body, status) in [
        ("/rpc/overview", "", 400),
        ("/rpc/overview", "{", 400),
        ("/rpc/overview", "{}", 400),
        ("/rpc/overview", r#"{"range": "2h"}"#, 400),
        ("/rpc/anomalies", r#"{"filter": {"limit": 0}}"#, 422),
        ("/rpc/anomalies", r#"{"filter": {"service": "\u0000"}}"#, 422),
        ("/rpc/audit", r#"{"page": {"cursor": "x"}}"#, 422),
        ("/rpc/anomaly", r#"{"id": "\u0000"}"#, 404),
        ("/rpc/service_detail", r#"{"name": "\u0000", "range": "1h"}"#, 404),
    ] {
        let refused = call(path).body("application/json", body).send().await;
        assert_eq!(refused.status, status, "{path} {body}: {}", refused.text());
        refused.code();
    }
    for (path, form, status) in [
        ("/rpc/create_team", "", 400),
        ("/rpc/create_team", "input[name]=%00", 422),
        ("/rpc/create_team", "input[name]=%ff", 422),
        ("/rpc/create_team", "input[name][x]=1", 400),
        ("/rpc/delete_team", "id=usr_0190a0a0a0a07000800000000000000f", 400),
        ("/rpc/create_key", "input[name]=a&input[scopes][0]=root", 400),
        ("/rpc/create_key", "input[name]=a&input[scopes][0]=read&input[rate_limit]=99999999999999999999", 422),
        ("/rpc/create_key", "input[name]=a&input[scopes][0]=read&input[expires_in_days]=-1", 422),
        ("/rpc/set_theme", "theme=sepia", 400),
        ("/rpc/nothing", "", 404),
    ] {
        let refused = call(path).form(form).send().await;
        assert_eq!(refused.status, status, "{path} {form}: {}", refused.text());
        refused.code();
    }
}

async fn what_an_input_may_not_hold(world: World) {
    let ingest = world.key(&[Scope::Ingest]).await;
    let push =
        |sample: Value| world.post("/api/v1/ingest/samples").by(&ingest).json(&json!({ "samples": [sample] })).send();
    let table = [
        (json!({ "service": "", "metric": "m", "value": 1.0 }), "samples[0].service"),
        (json!({ "service": "a\u{0}", "metric": "m", "value": 1.0 }), "samples[0].service"),
        (json!({ "service": "a", "metric": "0m", "value": 1.0 }), "samples[0].metric"),
        (json!({ "service": "a", "metric": "m", "value": "1" }), "samples[0].value"),
        (json!({ "service": "a", "metric": "m", "value": null }), "samples[0].value"),
        (
            json!({ "service": "a", "metric": "m", "value": 1.0, "labels": { "__name__": "x" } }),
            "samples[0].labels.__name__",
        ),
        (json!({ "service": "a", "metric": "m", "value": 1.0, "labels": { "k": "\u{0}" } }), "samples[0].labels.k"),
        (
            json!({ "service": "a", "metric": "m", "value": 1.0, "timestamp": "1970-01-01T00:00:00Z" }),
            "samples[0].timestamp",
        ),
        (
            json!({ "service": "a", "metric": "m", "value": 1.0, "timestamp": "+262000-01-01T00:00:00Z" }),
            "samples[0].timestamp",
        ),
        (json!({ "service": "a", "metric": "m", "value": 1.0, "timestamp": 1700000000 }), "samples[0].timestamp"),
    ];
    for (sample, field) in table {
        let refused = push(sample.clone()).await;
        assert_eq!(refused.status, 422, "{sample}: {}", refused.text());
        assert_eq!(refused.fields(), [field], "{sample}");
    }
    // Too large for any number, so it is no JSON that can be read.
    let huge = r#"{"samples": [{"service": "a", "metric": "m", "value": 1e999}]}"#;
    world.post("/api/v1/ingest/samples").by(&ingest).body("application/json", huge).send().await.expect(400);
    let many = vec![json!({ "service": "a", "metric": "m", "value": 1.0 }); 10_001];
    let refused = world.post("/api/v1/ingest/samples").by(&ingest).json(&json!({ "samples": many })).send().await;
    assert_eq!(refused.expect(422).fields(), ["samples"]);
}
