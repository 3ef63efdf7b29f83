//! Everything in figures, over REST.

use std::time::Duration;

use domain::access::Scope;
use serde_json::{Value, json};

use crate::support::{Caller, World, eventually};

on_both_databases!(calls_to_models_come_back_as_figures, of_nothing_there_are_no_ratios, a_wrong_address_is_named);

async fn read(world: &World, reader: &Caller, path: &str) -> Value {
    world.get(path).by(reader).send().await.expect(200).json()
}

async fn calls_to_models_come_back_as_figures(world: World) {
    let (caller, reader) = (world.key(&[Scope::Gateway]).await, world.key(&[Scope::Read]).await);
    for (service, n) in [("shop", 2), ("mail", 1)] {
        for _ in 0..n {
            let body = json!({ "model": "simulated", "messages": [{ "role": "user", "content": "hello" }] });
            let call = world.post("/v1/chat/completions").by(&caller).header("x-bellwether-service", service);
            call.json(&body).send().await.expect(200);
        }
    }
    let history = eventually("the calls in the history", async || {
        let page = read(&world, &reader, "/api/v1/requests").await;
        page["items"].as_array().filter(|items| items.len() == 3).cloned()
    })
    .await;
    let total = |name: &str| history.iter().map(|call| call["tokens"][name].as_u64().unwrap()).sum::<u64>();
    assert!(total("output") > 0);

    let ai = read(&world, &reader, "/api/v1/metrics/ai").await;
    let totals = &ai["totals"];
    assert_eq!((&totals["requests"], &totals["errors"], &totals["error_rate"]), (&json!(3), &json!(0), &json!(0.0)));
    assert_eq!(totals["simulated"], json!(3));
    assert_eq!(totals["input_tokens"], total("input"));
    assert_eq!(totals["output_tokens"], total("output"));
    let mut took: Vec<_> = history.iter().map(|call| call["latency_ms"].as_f64().unwrap()).collect();
    took.sort_by(f64::total_cmp);
    assert_eq!(ai["latency"], json!({ "p50_ms": took[1], "p95_ms": took[2], "p99_ms": took[2] }));
    let groups: Vec<_> = ai["groups"].as_array().unwrap().iter().map(|g| (&g["service"], &g["requests"])).collect();
    assert_eq!(groups, [(&json!("shop"), &json!(2)), (&json!("mail"), &json!(1))]);

    let summary = read(&world, &reader, "/api/v1/metrics/summary?range=15m").await;
    assert_eq!((&summary["ai"]["requests"], &summary["ai_latency"]), (&json!(3), &ai["latency"]));

    world.pass(2 * 3_600);
    let hour = read(&world, &reader, "/api/v1/metrics/ai?range=1h").await;
    assert_eq!((&hour["totals"]["requests"], &hour["groups"]), (&json!(0), &json!([])));
    let day = read(&world, &reader, "/api/v1/metrics/ai?range=24h").await;
    assert_eq!(day["totals"]["requests"], json!(3));
}

async fn of_nothing_there_are_no_ratios(world: World) {
    let (reader, writer) = (world.key(&[Scope::Read]).await, world.key(&[Scope::Ingest]).await);
    let ai = read(&world, &reader, "/api/v1/metrics/ai").await;
    assert_eq!((&ai["totals"]["error_rate"], &ai["totals"]["cost_per_request_usd"]), (&Value::Null, &Value::Null));
    assert_eq!(ai["latency"], json!({ "p50_ms": null, "p95_ms": null, "p99_ms": null }));
    assert_eq!((&ai["drift"], &ai["security"]["security_incidents"]), (&json!({}), &json!({})));
    let summary = read(&world, &reader, "/api/v1/metrics/summary").await;
    assert_eq!((&summary["request_rate"], &summary["open_anomalies"]), (&Value::Null, &json!(0)));

    let now = world.platform.now();
    let count = |minutes: u64, value: f64| {
        json!({ "service": "model", "metric": "ai_prompt_injection_attempts_total", "value": value,
            "timestamp": now - Duration::from_secs(60 * minutes), "labels": { "severity": "high" } })
    };
    let drift = json!({ "service": "model", "metric": "ai_confidence_drift_percentage", "value": 12.5 });
    let samples = json!({ "samples": [count(10, 1.0), count(5, 4.0), count(1, 4.0), drift] });
    world.post("/api/v1/ingest/samples").by(&writer).json(&samples).send().await.expect(200);
    let ai = read(&world, &reader, "/api/v1/metrics/ai?range=15m").await;
    assert_eq!(ai["drift"], json!({ "model": 12.5 }));
    assert!(ai["security"]["prompt_injection_attempts"]["high"].as_f64() >= Some(3.0), "{ai}");
    let refused = world.get("/api/v1/metrics/summary?range=2h").by(&reader).send().await;
    assert_eq!(refused.expect(422).fields(), ["range"]);
}

/// Only the parser of addresses finds this one; its place among all settings is nobody's business.
async fn a_wrong_address_is_named(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    let provider = json!({ "name": "wrong", "kind": "openai", "base_url": "https://exa mple.com" });
    let refused = world.post("/api/v1/providers").by(&admin).json(&provider).send().await;
    assert_eq!(refused.expect(422).fields(), ["base_url"]);
}
