//! Anomalies: the list and its filters, one of them, what people say of them.

use domain::access::{Role, Scope};
use serde_json::{Value, json};

use crate::support::{Caller, World, eventually};

on_both_databases!(
    the_list_is_filtered,
    the_list_is_read_page_by_page,
    an_anomaly_has_the_parts_of_the_contract,
    a_verdict_moves_the_threshold_of_the_series,
    a_verdict_survives_a_restart,
);

/// The anomalies of a query, once there are as many as expected.
async fn list(world: &World, reader: &Caller, query: &str, n: usize) -> Vec<Value> {
    let found = eventually(&format!("{n} anomalies of {query}"), async || {
        let body = world.get(&format!("/api/v1/anomalies?{query}")).by(reader).send().await.expect(200).json();
        Some(body["anomalies"].as_array().unwrap().clone()).filter(|found| found.len() >= n)
    })
    .await;
    assert_eq!(found.len(), n, "{query}: {found:?}");
    found
}

/// One member of each.
fn each<'a>(found: &'a [Value], name: &str) -> Vec<&'a str> {
    found.iter().map(|anomaly| anomaly[name].as_str().unwrap()).collect()
}

async fn the_list_is_filtered(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    for service in ["first", "second", "third"] {
        world.go_down(service).await;
        list(&world, &reader, &format!("service={service}"), 1).await;
    }
    world.come_up("second").await;
    list(&world, &reader, "status=resolved", 1).await;
    let all = list(&world, &reader, "", 3).await;
    assert_eq!(each(&all, "service"), ["third", "second", "first"], "newest first");
    assert_eq!(each(&all, "status"), ["open", "resolved", "open"]);
    let severity = all[0]["severity"].as_str().unwrap();
    let others = ["info", "warning", "error", "critical"].into_iter().filter(|other| *other != severity);
    assert_eq!(list(&world, &reader, &format!("severity={severity}"), 3).await, all);
    for other in others {
        list(&world, &reader, &format!("severity={other}"), 0).await;
    }
    for (query, expected) in [
        ("status=open", vec!["third", "first"]),
        ("status=resolved", vec!["second"]),
        ("service=first", vec!["first"]),
        ("service=first&status=resolved", vec![]),
        ("service=nothing", vec![]),
        ("service=fir%25", vec![]),
    ] {
        assert_eq!(each(&list(&world, &reader, query, expected.len()).await, "service"), expected, "{query}");
    }
}

async fn the_list_is_read_page_by_page(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    for i in 0..5 {
        world.go_down(&format!("service-{i}")).await;
    }
    let all = list(&world, &reader, "", 5).await;
    for limit in [1, 2, 5] {
        let (mut read, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/anomalies?status=open&limit={limit}{cursor}");
            let page = world.get(&path).by(&reader).send().await.expect(200).json();
            let found = page["anomalies"].as_array().unwrap();
            assert!(!found.is_empty() && found.len() <= limit);
            read.extend(found.clone());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(read, all, "in pages of {limit}");
    }
}

async fn an_anomaly_has_the_parts_of_the_contract(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    world.go_down("orders").await;
    let anomaly = list(&world, &reader, "", 1).await.remove(0);
    for name in [
        "id",
        "service",
        "metric",
        "severity",
        "score",
        "current_value",
        "predicted_value",
        "expected_low",
        "expected_high",
        "trend",
        "detector",
        "reason",
        "recommendation",
        "forecast_exhaustion",
        "timestamp",
        "status",
    ] {
        assert!(anomaly.get(name).is_some(), "{name} is missing in {anomaly}");
    }
    assert_eq!((&anomaly["metric"], &anomaly["current_value"]), (&json!("up"), &Value::Null));
    assert!(anomaly["score"].as_f64().unwrap() >= 1.0, "1.0 is the threshold: {anomaly}");
    for words in ["reason", "recommendation", "detector"] {
        assert!(!anomaly[words].as_str().unwrap().is_empty(), "{words}");
    }
    let at: domain::Time = anomaly["timestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(at.timestamp_millis(), world.platform.now().timestamp_millis());
    let path = format!("/api/v1/anomalies/{}", anomaly["id"].as_str().unwrap());
    assert_eq!(world.get(&path).by(&reader).send().await.expect(200).json(), anomaly);
}

async fn say(world: &World, caller: &Caller, id: &str, verdict: &str) -> Value {
    let path = format!("/api/v1/anomalies/{id}/feedback");
    world.post(&path).by(caller).json(&json!({ "verdict": verdict })).send().await.expect(200).json()
}

async fn a_verdict_moves_the_threshold_of_the_series(world: World) {
    let (reader, operator) = (world.key(&[Scope::Read]).await, world.bearer(Role::Operator).await);
    for service in ["orders", "users"] {
        world.go_down(service).await;
    }
    let all = list(&world, &reader, "", 2).await;
    let (users, orders) = (each(&all, "id")[0].to_owned(), each(&all, "id")[1].to_owned());
    assert_eq!((&all[1]["feedback"], &all[1]["threshold_factor"]), (&Value::Null, &json!(1.0)));

    let noise = say(&world, &operator, &orders, "noise").await;
    let factor = |anomaly: &Value| anomaly["threshold_factor"].as_f64().unwrap();
    assert!(noise["feedback"] == "noise" && factor(&noise) > 1.0, "{noise}");
    let more = say(&world, &operator, &orders, "noise").await;
    assert!(factor(&more) > factor(&noise));
    let useful = say(&world, &operator, &orders, "useful").await;
    assert!(useful["feedback"] == "useful" && factor(&useful) < factor(&more), "{useful}");
    // It is bounded.
    for verdict in ["noise", "useful"] {
        let (mut last, mut times) = (0.0, 0);
        while last != factor(&say(&world, &operator, &orders, verdict).await) {
            last = factor(&say(&world, &operator, &orders, verdict).await);
            times += 1;
            assert!((0.01..100.0).contains(&last) && times < 100, "{last}");
        }
    }
    let path = format!("/api/v1/anomalies/{users}");
    assert_eq!(world.get(&path).by(&reader).send().await.expect(200).json(), all[0], "of that series and no other");
    world.come_up("orders").await;
    let resolved = list(&world, &reader, "status=resolved", 1).await;
    assert_eq!(resolved[0]["feedback"], "useful", "what was said stays when it is over");
    say(&world, &operator, &orders, "noise").await;
    let admin = world.key(&[Scope::Admin]).await;
    let trail = world.get("/api/v1/audit?limit=500").by(&admin).send().await.expect(200).json();
    let entries = trail["items"].as_array().unwrap();
    let said: Vec<_> = entries.iter().filter(|entry| entry["action"] == "anomaly.feedback").collect();
    assert_eq!((&said[0]["actor"], &said[0]["object"]), (&json!("user:operator@example.com"), &json!(orders)));
    assert!(
        said.last().unwrap()["detail"].as_str().unwrap().starts_with("threshold of orders up from 1.00 to "),
        "{said:?}"
    );
}

async fn a_verdict_survives_a_restart(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    let operator = world.key(&[Scope::Write]).await;
    world.go_down("orders").await;
    let id = each(&list(&world, &reader, "", 1).await, "id")[0].to_owned();
    let said = say(&world, &operator, &id, "noise").await;
    let again = world.restarted().await;
    let kept = again.get(&format!("/api/v1/anomalies/{id}")).by(&reader).send().await.expect(200).json();
    assert_eq!(
        (&kept["feedback"], &kept["threshold_factor"], &kept["status"]),
        (&json!("noise"), &said["threshold_factor"], &json!("open"))
    );
    let more = say(&again, &operator, &id, "noise").await;
    assert!(more["threshold_factor"].as_f64() > kept["threshold_factor"].as_f64(), "it goes on from there");
    again.come_up("orders").await;
    list(&again, &reader, "status=resolved", 1).await;
    again.platform.finish_stop().await;
}
