//! The Prometheus HTTP API: answers and refusals in its shapes.

use domain::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::{Caller, World};

on_both_databases!(
    an_instant_query,
    a_range_query,
    forms_do_the_same,
    series_labels_and_values,
    what_grafana_asks_for,
    every_refusal_has_the_shape_of_prometheus,
);

/// Pushes three series of two services, three samples each, a minute apart, the last one now. Answers with who may read.
async fn pushed(world: &World) -> Caller {
    let ingest = world.key(&[Scope::Ingest]).await;
    let now = world.platform.now();
    let mut samples = Vec::new();
    for i in 0..3_u32 {
        let at = now - std::time::Duration::from_secs(u64::from(2 - i) * 60);
        for (service, zone, value) in [("orders", "a", 1.5), ("orders", "b", 10.0), ("users", "a", 100.0)] {
            samples.push(json!({
                "service": service, "metric": "queue_depth", "value": value + f64::from(i),
                "timestamp": at.to_rfc3339(), "labels": { "zone": zone },
            }));
        }
    }
    let report = world.post("/api/v1/ingest/samples").by(&ingest).json(&json!({ "samples": samples })).send().await;
    assert_eq!(report.expect(200).json(), json!({ "accepted": 9, "duplicate": 0, "late": 0, "over_limit": 0 }));
    world.key(&[Scope::Read]).await
}

/// The `data` of a successful query.
async fn data(world: &World, reader: &Caller, path: &str) -> Value {
    let answer = world.get(path).by(reader).send().await.expect(200);
    assert!(answer.header("content-type").unwrap().starts_with("application/json"));
    let body = answer.json();
    assert_eq!(body["status"], "success", "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    body["data"].clone()
}

async fn an_instant_query(world: World) {
    let reader = pushed(&world).await;
    let seconds = world.platform.now().timestamp_millis() as f64 / 1_000.0;
    let found = data(&world, &reader, "/api/v1/query?query=queue_depth%7Bzone%3D%22b%22%7D").await;
    assert_eq!(
        found,
        json!({ "resultType": "vector", "result": [{
            "metric": { "__name__": "queue_depth", "service": "orders", "zone": "b" }, "value": [seconds, "12"],
        }]})
    );
    let found = data(&world, &reader, "/api/v1/query?query=sum%20by%20(service)(queue_depth)").await;
    let values: Vec<_> =
        found["result"].as_array().unwrap().iter().map(|one| (&one["metric"], &one["value"][1])).collect();
    assert!(values.contains(&(&json!({ "service": "orders" }), &json!("15.5"))), "{found}");
    for (query, kind, value) in
        [("1%2F0", "scalar", "+Inf"), ("0%2F0", "scalar", "NaN"), ("-1%2F0", "scalar", "-Inf"), ("2", "scalar", "2")]
    {
        let found = data(&world, &reader, &format!("/api/v1/query?query={query}&time=60")).await;
        assert_eq!((&found["resultType"], &found["result"][1]), (&json!(kind), &json!(value)));
    }
    let found = data(&world, &reader, "/api/v1/query?query=queue_depth%5B3m%5D").await;
    assert_eq!(found["resultType"], "matrix");
    assert_eq!(found["result"][0]["values"].as_array().unwrap().len(), 3, "{found}");
    let found = data(&world, &reader, "/api/v1/query?query=nothing_of_this_name").await;
    assert_eq!(found, json!({ "resultType": "vector", "result": [] }));
    // Both ways to write a time.
    let then = world.platform.now() - std::time::Duration::from_secs(60);
    for time in
        [format!("{}", then.timestamp_millis() as f64 / 1_000.0), then.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()]
    {
        let found =
            data(&world, &reader, &format!("/api/v1/query?query=queue_depth%7Bzone%3D%22b%22%7D&time={time}")).await;
        assert_eq!(found["result"][0]["value"][1], "11", "at {time}");
    }
}

async fn a_range_query(world: World) {
    let reader = pushed(&world).await;
    let end = world.platform.now().timestamp_millis() as f64 / 1_000.0;
    for step in ["60", "1m", "60s", "60000ms"] {
        let path = format!(
            "/api/v1/query_range?query=queue_depth%7Bservice%3D%22users%22%7D&start={}&end={end}&step={step}",
            end - 120.0
        );
        let found = data(&world, &reader, &path).await;
        assert_eq!(found["resultType"], "matrix");
        let series = &found["result"][0];
        assert_eq!(series["metric"], json!({ "__name__": "queue_depth", "service": "users", "zone": "a" }));
        let values: Vec<_> =
            series["values"].as_array().unwrap().iter().map(|pair| pair[1].as_str().unwrap()).collect();
        assert_eq!(values, ["100", "101", "102"], "with step {step}");
        assert_eq!(series["values"][2][0].as_f64(), Some(end));
    }
}

async fn forms_do_the_same(world: World) {
    let reader = pushed(&world).await;
    let now = world.platform.now().timestamp();
    let form = |path: &str, form: String| world.post(path).by(&reader).form(&form).send();
    for (path, parameters) in [
        ("/api/v1/query", format!("query=queue_depth&time={now}")),
        ("/api/v1/query_range", format!("query=queue_depth&start={}&end={now}&step=15", now - 60)),
        ("/api/v1/series", "match[]=queue_depth".to_owned()),
        ("/api/v1/labels", "match[]=queue_depth".to_owned()),
    ] {
        let by_get = world.get(&format!("{path}?{parameters}")).by(&reader).send().await.expect(200);
        let by_post = form(path, parameters).await.expect(200);
        assert_eq!(by_get.json(), by_post.json(), "{path}");
        assert!(by_get.json()["data"].as_object().is_none_or(|data| data["result"][0].is_object()), "{path}");
    }
    assert_eq!(form("/api/v1/query", "time=1".to_owned()).await.expect(422).fields(), ["query"]);
    assert_eq!(form("/api/v1/query_range", "query=up&start=1".to_owned()).await.expect(422).fields(), ["end"]);
}

async fn series_labels_and_values(world: World) {
    let reader = pushed(&world).await;
    let found = data(
        &world,
        &reader,
        "/api/v1/series?match[]=queue_depth%7Bzone%3D%22b%22%7D&match[]=queue_depth%7Bservice%3D%22users%22%7D",
    )
    .await;
    let mut found = found.as_array().unwrap().clone();
    found.sort_by_key(Value::to_string);
    let series = |service: &str, zone: &str| json!({ "__name__": "queue_depth", "service": service, "zone": zone });
    assert_eq!(found, [series("orders", "b"), series("users", "a")]);
    assert_eq!(data(&world, &reader, "/api/v1/labels").await, json!(["__name__", "service", "zone"]));
    for (label, values) in [("service", json!(["orders", "users"])), ("zone", json!(["a", "b"])), ("none", json!([]))] {
        assert_eq!(data(&world, &reader, &format!("/api/v1/label/{label}/values")).await, values);
    }
    let of_users = "/api/v1/label/zone/values?match[]=%7Bservice%3D%22users%22%7D";
    assert_eq!(data(&world, &reader, of_users).await, json!(["a"]));
}

async fn what_grafana_asks_for(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    assert_eq!(data(&world, &reader, "/api/v1/metadata").await, json!({}));
    let build = data(&world, &reader, "/api/v1/status/buildinfo").await;
    assert!(build["version"].as_str().unwrap().starts_with("2."), "{build}");
    assert_eq!(build["application"], "Bellwether");
    // Parameters of Prometheus' that change nothing here are let pass.
    data(&world, &reader, "/api/v1/query?query=1&timeout=30s&stats=all&lookback_delta=5m").await;
}

async fn every_refusal_has_the_shape_of_prometheus(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    let ingest = world.key(&[Scope::Ingest]).await;
    let wrong = Caller::Bearer("wrong".to_owned());
    let browser = world.browser(Role::Viewer).await;
    let form = "query=up";
    let refusals = [
        (world.get("/api/v1/query?query=up").send().await.expect(401), "execution"),
        (world.get("/api/v1/query?query=up").by(&wrong).send().await.expect(401), "execution"),
        (world.get("/api/v1/label/a/values").by(&ingest).send().await.expect(403), "execution"),
        (
            world.post("/api/v1/query").by(&browser).header("origin", "http://a").form(form).send().await.expect(403),
            "execution",
        ),
        (world.call(http::Method::PUT, "/api/v1/query").by(&reader).send().await.expect(405), "not_found"),
        (world.get("/api/v1/query").by(&reader).send().await.expect(422), "bad_data"),
        (world.get("/api/v1/query?query=up(").by(&reader).send().await.expect(422), "bad_data"),
        (
            world.get("/api/v1/query_range?query=up&start=0&end=x&step=1").by(&reader).send().await.expect(422),
            "bad_data",
        ),
        (world.get("/api/v1/series").by(&reader).send().await.expect(422), "bad_data"),
        (world.get("/api/v1/labels?match[]=(").by(&reader).send().await.expect(422), "bad_data"),
    ];
    for (refusal, kind) in refusals {
        let body = refusal.json();
        assert_eq!((&body["status"], &body["errorType"]), (&json!("error"), &json!(kind)), "{body}");
        assert!(body["error"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
        refusal.code();
    }
    // Its neighbours keep the shape of the contract.
    assert!(world.get("/api/v1/services").send().await.expect(401).json()["error"].is_object());
    // What takes too long, or is too much, is refused while everything else goes on.
    let wide = "/api/v1/query_range?query=vector(1)&start=0&end=86400000&step=1";
    assert_eq!(world.get(wide).by(&reader).send().await.expect(422).json()["errorType"], "bad_data");
}
