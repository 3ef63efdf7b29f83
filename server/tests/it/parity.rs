//! Two doors, one platform method: REST and server functions answer the same.

use domain::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, World};

on_both_databases!(both_doors_read_the_same, both_doors_refuse_the_same, both_doors_write_the_same);

/// A REST path, a server function with its input, and what of their answers is the same (JSON pointers).
type Reading = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const READINGS: &[Reading] = &[
    ("/api/v1/services", "services", "{}", &[("/items", "/services")]),
    ("/api/v1/health", "services", "{}", &[("", "/health")]),
    ("/api/v1/teams", "services", "{}", &[("/items", "/teams")]),
    ("/api/v1/services/orders/detail?range=6h", "service_detail", r#"{"name": "orders", "range": "6h"}"#, &[("", "")]),
    ("/api/v1/services/none/detail?range=6h", "service_detail", r#"{"name": "none", "range": "6h"}"#, &[("", "")]),
    ("/api/v1/overview?range=15m", "overview", r#"{"range": "15m"}"#, &[("", "")]),
    ("/api/v1/anomalies?limit=1", "anomalies", r#"{"filter": {"limit": 1}}"#, &[("", "")]),
    ("/api/v1/anomalies?limit=0", "anomalies", r#"{"filter": {"limit": 0}}"#, &[("", "")]),
    ("/api/v1/anomalies?status=resolved", "anomalies", r#"{"filter": {"status": "resolved"}}"#, &[("", "")]),
    ("/api/v1/demo", "demo_status", "{}", &[("", "")]),
    ("/api/v1/targets", "targets", "{}", &[("/items", "")]),
    ("/api/v1/teams", "teams", "{}", &[("/items", "")]),
    ("/api/v1/keys", "keys", "{}", &[("/items", "/keys")]),
    ("/api/v1/users", "people", "{}", &[("/items", "/users")]),
    ("/api/v1/audit?limit=3", "audit", r#"{"page": {"limit": 3}}"#, &[("", "")]),
    ("/api/v1/audit?cursor=x", "audit", r#"{"page": {"cursor": "x"}}"#, &[("", "")]),
    ("/api/v1/system/config", "system", "{}", &[("/items", "/config")]),
    (
        "/api/v1/system/status",
        "system",
        "{}",
        &[("/version", "/status/version"), ("/started_at", "/status/started_at")],
    ),
];

/// A REST call and the form that does the same.
type Writing = (&'static str, &'static str, Value, &'static str, &'static str);

const TEAM: &str = "team_0190a0a0a0a07000800000000000000f";

fn writings() -> Vec<Writing> {
    let target = json!({ "service": "a b", "url": "x", "interval_ms": 1, "timeout_ms": 2, "sample_limit": 0, "is_enabled": true });
    let target_form = "input[service]=a+b&input[url]=x&input[interval_ms]=1&input[timeout_ms]=2&input[sample_limit]=0&input[is_enabled]=true";
    vec![
        ("POST", "/api/v1/teams", json!({ "name": "" }), "create_team", "input[name]="),
        ("POST", "/api/v1/teams", json!({ "name": "taken" }), "create_team", "input[name]=taken"),
        ("DELETE", "/api/v1/teams/ID", Value::Null, "delete_team", "id=ID"),
        ("PUT", "/api/v1/teams/ID", json!({ "name": "taken" }), "rename_team", "id=ID&input[name]=taken"),
        ("POST", "/api/v1/services", json!({ "name": "orders" }), "create_service", "input[name]=orders"),
        ("POST", "/api/v1/services", json!({ "name": "a b" }), "create_service", "input[name]=a+b"),
        ("DELETE", "/api/v1/services/ID", Value::Null, "delete_service", "id=ID"),
        ("POST", "/api/v1/targets", target, "create_target", target_form),
        ("DELETE", "/api/v1/targets/ID", Value::Null, "delete_target", "id=ID"),
        (
            "POST",
            "/api/v1/users",
            json!({ "email": "x", "role": "admin", "password": "short" }),
            "create_user",
            "input[email]=x&input[role]=admin&input[password]=short",
        ),
        (
            "POST",
            "/api/v1/users",
            json!({ "email": "admin@example.com", "role": "viewer" }),
            "create_user",
            "input[email]=admin@example.com&input[role]=viewer",
        ),
        ("DELETE", "/api/v1/users/ID", Value::Null, "delete_user", "id=ID"),
        ("POST", "/api/v1/users/ID/reset-link", Value::Null, "make_reset_link", "id=ID"),
        ("POST", "/api/v1/keys", json!({ "name": "", "scopes": [] }), "create_key", "input[name]="),
        ("POST", "/api/v1/keys/ID/rotate", Value::Null, "rotate_key", "id=ID"),
        ("POST", "/api/v1/keys/ID/revoke", Value::Null, "revoke_key", "id=ID"),
        ("DELETE", "/api/v1/keys/ID", Value::Null, "delete_key", "id=ID"),
        (
            "POST",
            "/api/v1/anomalies/ID/feedback",
            json!({ "verdict": "noise" }),
            "give_feedback",
            "id=ID&verdict=noise",
        ),
        (
            "POST",
            "/api/v1/demo/inject",
            json!({ "service": "orders", "fault": "cpu", "intensity": 7.0 }),
            "inject_fault",
            "input[service]=orders&input[fault]=cpu&input[intensity]=7",
        ),
        ("POST", "/api/v1/demo/clear", json!({ "service": "orders" }), "clear_fault", "input[service]=orders"),
        (
            "POST",
            "/api/v1/auth/login",
            json!({ "email": "a@WHO", "password": "x" }),
            "log_in",
            "input[email]=a@WHO&input[password]=x",
        ),
        (
            "POST",
            "/api/v1/auth/setup",
            json!({ "email": "a", "password": "x" }),
            "set_up",
            "input[email]=a&input[password]=x",
        ),
        (
            "POST",
            "/api/v1/auth/reset",
            json!({ "token": "x", "new_password": "long enough for all" }),
            "reset_password",
            "input[token]=x&input[new_password]=long+enough+for+all",
        ),
        (
            "POST",
            "/api/v1/auth/password",
            json!({ "current_password": "x", "new_password": "x" }),
            "change_password",
            "input[current_password]=x&input[new_password]=x",
        ),
    ]
}

/// The kind of thing a path is about.
fn absent(path: &str) -> String {
    let kind = match path.split('/').nth(3).unwrap() {
        "services" => "svc",
        "users" => "usr",
        "keys" => "key",
        "targets" => "tgt",
        "anomalies" => "ano",
        _ => "team",
    };
    TEAM.replace("team", kind)
}

async fn callers(world: &World) -> Vec<(&'static str, Caller)> {
    vec![
        ("nobody", Caller::Anonymous),
        ("viewer", world.browser(Role::Viewer).await),
        ("operator", world.browser(Role::Operator).await),
        ("admin", world.browser(Role::Admin).await),
        ("key with read", world.key(&[Scope::Read]).await),
        ("key with ingest", world.key(&[Scope::Ingest]).await),
    ]
}

/// What a refusal says, without what differs from call to call.
fn refusal(answer: &Answer) -> Value {
    let mut error = answer.json()["error"].clone();
    error["request_id"].take();
    error["status"] = json!(answer.status.as_u16());
    error["retry"] = json!(answer.header("retry-after"));
    error
}

async fn both_doors_read_the_same(world: World) {
    world.go_down("orders").await;
    world.go_down("users").await;
    let callers = callers(&world).await;
    world.settled(2).await;
    for (name, caller) in &callers {
        for (path, function, input, parts) in READINGS {
            let rest = world.get(path).by(caller).send().await;
            let rpc = world.post(&format!("/rpc/{function}")).by(caller).body("application/json", *input).send().await;
            if !rest.status.is_success() || !rpc.status.is_success() {
                assert_eq!(refusal(&rest), refusal(&rpc), "{path} and {function} by {name}");
                continue;
            }
            for (of_rest, of_rpc) in *parts {
                let (rest, rpc) = (rest.json(), rpc.json());
                let parts = (rest.pointer(of_rest).unwrap(), rpc.pointer(of_rpc).unwrap());
                assert_eq!(parts.0, parts.1, "{path} and {function} by {name}");
            }
        }
    }
}

async fn both_doors_refuse_the_same(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    for (path, body) in
        [("/api/v1/teams", json!({ "name": "taken" })), ("/api/v1/services", json!({ "name": "orders" }))]
    {
        world.post(path).by(&admin).json(&body).send().await.expect(201);
    }
    let callers = callers(&world).await;
    for (i, (name, caller)) in callers.iter().enumerate() {
        // Wrong log-ins are counted by e-mail and address, for both doors together: everybody has their own.
        let peer = std::net::SocketAddr::from(([198, 51, 100, u8::try_from(i).unwrap()], 1));
        let fill = |text: &str, id: &str| text.replace("ID", id).replace("WHO", &i.to_string());
        for (method, path, body, function, form) in writings() {
            let id = absent(path);
            let call = world.call(method.parse().unwrap(), &fill(path, &id)).by(caller).from(peer);
            let rest = match body {
                Value::Null => call.send().await,
                body => call.body("application/json", fill(&body.to_string(), &id)).send().await,
            };
            let call = world.post(&format!("/rpc/{function}")).by(caller).from(peer);
            let rpc = call.form(&fill(form, &id)).send().await;
            assert!(rest.status.is_client_error(), "{method} {path} by {name}: {}", rest.text());
            assert_eq!(refusal(&rest), refusal(&rpc), "{method} {path} and {function} by {name}");
        }
    }
}

async fn both_doors_write_the_same(world: World) {
    let admin = world.browser(Role::Admin).await;
    let rest =
        world.post("/api/v1/teams").by(&admin).json(&json!({ "name": "by-rest" })).send().await.expect(201).json();
    let rpc = world.post("/rpc/create_team").by(&admin).form("input[name]=by-form").send().await.expect(200).json();
    let names = |team: &Value| team.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&rest), names(&rpc));
    let body = json!({ "name": "svc", "description": "d", "labels": {}, "dependencies": [], "objectives": [] });
    let made = world.post("/api/v1/services").by(&admin).json(&body).send().await.expect(201).json();
    let form =
        format!("id={}&input[description]=e&input[labels]=a%3Db&input[dependencies]=x,y", made["id"].as_str().unwrap());
    let changed = world.post("/rpc/describe_service").by(&admin).form(&form).send().await.expect(200).json();
    assert_eq!(world.get("/api/v1/services/svc").by(&admin).send().await.expect(200).json(), changed);
    assert_eq!((&changed["labels"], &changed["dependencies"]), (&json!({ "a": "b" }), &json!(["x", "y"])));
    let audit = world.get("/api/v1/audit").by(&admin).send().await.expect(200).json();
    let entries = audit["items"].as_array().unwrap();
    let made: Vec<_> =
        entries.iter().filter(|entry| entry["action"] == "team.created").map(|entry| &entry["actor"]).collect();
    assert_eq!(made, [&json!("user:admin@example.com"), &json!("user:admin@example.com")]);
}
