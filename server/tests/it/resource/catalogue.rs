//! Services.

use domain::access::Scope;
use serde_json::{Value, json};

use super::{delete, each, get, post, put};
use crate::support::{World, eventually};

on_both_databases!(
    a_service_is_put_in_changed_and_taken_out,
    a_name_is_there_once,
    what_telemetry_mentions_is_in_the_catalogue,
    a_service_is_shown_whole,
);

async fn a_service_is_put_in_changed_and_taken_out(world: World) {
    let caller = world.key(&[Scope::Write]).await;
    let input = json!({
        "name": "orders", "description": "Takes orders", "labels": { "env": "prod" }, "dependencies": ["users", "pay/v2"],
        "objectives": [{ "metric": "latency_p99", "comparison": "below", "threshold": 500.0, "target_percent": 99.9 }],
    });
    let made = post(&world, "/api/v1/services", &caller, input.clone()).await.expect(201).json();
    for (name, value) in input.as_object().unwrap() {
        assert_eq!(&made[name], value, "{name}");
    }
    assert_eq!(
        (&made["is_simulated"], &made["last_seen_at"], &made["team_id"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    let path = format!("/api/v1/services/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&world, &path, &caller).await, made);
    assert_eq!(get(&world, "/api/v1/services/orders", &caller).await, made, "by name too");

    // What is absent stays, lists are replaced whole.
    let changed =
        put(&world, &path, &caller, json!({ "description": "", "dependencies": [] })).await.expect(200).json();
    let mut expected = made.clone();
    expected["description"] = json!("");
    expected["dependencies"] = json!([]);
    assert_eq!(changed, expected);
    let refused = put(&world, &path, &caller, json!({ "dependencies": ["orders"] })).await.expect(422);
    assert_eq!(refused.fields(), ["dependencies[0]"]);
    assert_eq!(put(&world, &path, &caller, json!({ "name": "other" })).await.expect(422).fields(), ["name"]);
    assert_eq!(get(&world, &path, &caller).await, expected);
    delete(&world, &path, &caller).await;
}

async fn a_name_is_there_once(world: World) {
    let caller = world.key(&[Scope::Write]).await;
    for name in ["b", "a", "ü:1/x_y.z-0"] {
        post(&world, "/api/v1/services", &caller, json!({ "name": name })).await.expect(201);
    }
    let refused = post(&world, "/api/v1/services", &caller, json!({ "name": "a" })).await.expect(409);
    assert_eq!(refused.code(), "conflict");
    assert_eq!(each(&get(&world, "/api/v1/services", &caller).await, "name"), ["a", "b", "ü:1/x_y.z-0"]);
    let found = get(&world, "/api/v1/services/%C3%BC:1%2Fx_y.z-0", &caller).await;
    assert_eq!(found["name"], "ü:1/x_y.z-0");
}

async fn what_telemetry_mentions_is_in_the_catalogue(world: World) {
    let caller = world.key(&[Scope::Write, Scope::Ingest]).await;
    let push = async || {
        let sample = json!({ "service": "heard", "metric": "depth", "value": 1.0 });
        let report =
            post(&world, "/api/v1/ingest/samples", &caller, json!({ "samples": [sample] })).await.expect(200).json();
        report["accepted"].as_u64().unwrap()
    };
    assert_eq!(push().await, 1);
    let found = eventually("a service that was heard of", async || {
        let answer = world.get("/api/v1/services/heard").by(&caller).send().await;
        (answer.status == 200).then(|| answer.json())
    })
    .await;
    assert_eq!(
        found["last_seen_at"].as_str().unwrap().parse::<domain::Time>().unwrap().timestamp_millis(),
        world.platform.now().timestamp_millis()
    );
    let health = get(&world, "/api/v1/health", &caller).await;
    assert_eq!((&health[0]["service"], &health[0]["is_simulated"]), (&json!("heard"), &json!(false)));
    assert!(["healthy", "unknown"].contains(&health[0]["status"].as_str().unwrap()), "{health}");
}

async fn a_service_is_shown_whole(world: World) {
    let caller = world.key(&[Scope::Write, Scope::Ingest]).await;
    post(&world, "/api/v1/services", &caller, json!({ "name": "callee" })).await.expect(201);
    post(&world, "/api/v1/services", &caller, json!({ "name": "caller", "dependencies": ["callee"] }))
        .await
        .expect(201);
    let sample = json!({ "service": "callee", "metric": "queue_depth", "value": 7.0 });
    post(&world, "/api/v1/ingest/samples", &caller, json!({ "samples": [sample] })).await.expect(200);
    for range in ["15m", "1h", "6h", "24h", "7d", "30d"] {
        let detail = get(&world, &format!("/api/v1/services/callee/detail?range={range}"), &caller).await;
        assert_eq!((&detail["service"]["name"], &detail["range"]), (&json!("callee"), &json!(range)));
        assert_eq!(detail["callers"], json!(["caller"]));
        assert!(detail["charts"].is_array() && detail["anomalies"].is_array(), "{detail}");
    }
    let overview = get(&world, "/api/v1/overview", &caller).await;
    let mut names: Vec<_> =
        overview["services"].as_array().unwrap().iter().map(|s| s["service"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["callee", "caller"]);
    assert_eq!((&overview["has_targets"], &overview["is_demo"]), (&json!(false), &json!(false)));
}
