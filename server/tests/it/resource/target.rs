//! Scrape targets.

use domain::access::Scope;
use serde_json::{Value, json};

use super::{delete, each, get, post, put};
use crate::support::{World, eventually};

on_both_databases!(a_target_is_added_replaced_and_removed, a_target_is_scraped, a_target_that_is_not_there_says_so);

async fn a_target_is_added_replaced_and_removed(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    let url = "http://127.0.0.1:9/metrics";
    let made =
        post(&world, "/api/v1/targets", &caller, json!({ "service": "a", "url": url, "is_enabled": false })).await;
    let made = made.expect(201).json();
    for (name, value) in [("interval_ms", 15_000), ("timeout_ms", 10_000), ("sample_limit", 50_000)] {
        assert_eq!(made[name], value, "the default of {name}");
    }
    assert_eq!(
        (&made["labels"], &made["last_scrape"], &made["is_simulated"]),
        (&json!({}), &Value::Null, &json!(false))
    );
    let twice =
        post(&world, "/api/v1/targets", &caller, json!({ "service": "a", "url": url, "is_enabled": false })).await;
    assert_eq!(twice.expect(409).code(), "conflict");

    let path = format!("/api/v1/targets/{}", made["id"].as_str().unwrap());
    let input = json!({
        "service": "b", "url": url, "interval_ms": 500, "timeout_ms": 100, "sample_limit": 1,
        "labels": { "env": "prod" }, "is_enabled": false,
    });
    let changed = put(&world, &path, &caller, input.clone()).await.expect(200).json();
    for (name, value) in input.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert_eq!((&changed["id"], &changed["created_at"]), (&made["id"], &made["created_at"]));
    assert_eq!(get(&world, &path, &caller).await, changed);
    assert_eq!(each(&get(&world, "/api/v1/targets", &caller).await, "id"), [made["id"].clone()]);
    delete(&world, &path, &caller).await;
}

async fn a_target_is_scraped(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    // Bellwether can watch itself.
    let address = world.listen().await;
    let input =
        json!({ "service": "bellwether", "url": format!("http://{address}/metrics"), "labels": { "env": "test" } });
    let made = post(&world, "/api/v1/targets", &caller, input).await.expect(201).json();
    let path = format!("/api/v1/targets/{}", made["id"].as_str().unwrap());
    let report = eventually("a report of a scrape", async || {
        Some(get(&world, &path, &caller).await["last_scrape"].clone()).filter(|report| !report.is_null())
    })
    .await;
    assert_eq!((&report["is_up"], &report["error"]), (&json!(true), &Value::Null), "{report}");
    assert!(report["samples"].as_u64().unwrap() > 5, "{report}");
    let query = "/api/v1/query?query=bellwether_series%7Benv%3D%22test%22%7D";
    let found = get(&world, query, &caller).await;
    assert_eq!(found["data"]["result"][0]["metric"]["service"], "bellwether", "{found}");
}

async fn a_target_that_is_not_there_says_so(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    let address = world.listen().await;
    for (path, words) in [("/healthz", "line 1"), ("/nothing", "404")] {
        let input = json!({ "service": "odd", "url": format!("http://{address}{path}") });
        let made = post(&world, "/api/v1/targets", &caller, input).await.expect(201).json();
        let path = format!("/api/v1/targets/{}", made["id"].as_str().unwrap());
        let report = eventually("a report of a scrape", async || {
            Some(get(&world, &path, &caller).await["last_scrape"].clone()).filter(|report| !report.is_null())
        })
        .await;
        assert_eq!(report["is_up"], json!(false));
        assert!(report["error"].as_str().unwrap().contains(words), "{report}");
    }
    let up = get(&world, "/api/v1/query?query=up", &caller).await;
    assert_eq!(up["data"]["result"][0]["value"][1], "0", "{up}");
}
