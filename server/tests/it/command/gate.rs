//! `bellwether gate`: 0 clean, 1 anomalies, 2 could not tell.

use domain::access::Scope;
use serde_json::Value;

use super::{Outcome, run};
use crate::support::{Caller, World};

on_both_databases!(a_service_is_clean_or_it_is_not, what_cannot_be_told_is_2);

async fn gate(url: &str, key: &Caller, service: &str, more: &[&str]) -> Outcome {
    let Caller::Key(key) = key else { panic!("gates are passed with keys") };
    let environment = [("BELLWETHER_API_KEY".to_owned(), key.clone())];
    let arguments = ["gate", "--url", url, "--service", service];
    run(&environment, &[&arguments, more].concat(), "").await
}

async fn a_service_is_clean_or_it_is_not(world: World) {
    let url = format!("http://{}", world.listen().await);
    let reader = world.key(&[Scope::Read]).await;
    world.push("calm", "up", 1.0).await;
    // A name may hold what means something in addresses.
    world.push("pay/v2:a", "up", 1.0).await;
    world.go_down("orders").await;
    world.settled(1).await;
    assert_eq!(gate(&url, &reader, "calm", &[]).await.expect(0).out, "calm is clean\n");
    gate(&url, &reader, "pay/v2:a", &[]).await.expect(0);
    let found = gate(&url, &reader, "orders", &["--since", "5m"]).await.expect(1);
    assert!(found.out.contains(" up: "), "{found:?}");
    let found = gate(&url, &reader, "orders", &["--since", "5m", "--json"]).await.expect(1);
    let told: Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!((&told["exit_code"], &told["anomalies"][0]["metric"]), (&1.into(), &"up".into()));
    // It is over, and then long enough over.
    world.come_up("orders").await;
    world.resolved(1).await;
    gate(&url, &reader, "orders", &["--since", "1m"]).await.expect(1);
    for _ in 0..3 {
        world.come_up("orders").await;
    }
    gate(&url, &reader, "orders", &["--since", "1h"]).await.expect(1);
    gate(&url, &reader, "orders", &["--since", "30s"]).await.expect(0);
}

async fn what_cannot_be_told_is_2(world: World) {
    let url = format!("http://{}/", world.listen().await);
    let reader = world.key(&[Scope::Read]).await;
    let wrong = Caller::Key("rp_wrong".to_owned());
    let ingest = world.key(&[Scope::Ingest]).await;
    let silent = serde_json::json!({ "name": "silent" });
    world.post("/api/v1/services").by(&world.key(&[Scope::Write]).await).json(&silent).send().await.expect(201);
    for (url, key, service, words) in [
        (url.as_str(), &reader, "unknown", "404"),
        (&url, &reader, "silent", "nothing has been heard"),
        (&url, &wrong, "silent", "401"),
        (&url, &ingest, "silent", "403"),
        (&url, &reader, "a b/../c?d", "404"),
        ("http://127.0.0.1:1", &reader, "silent", "could not tell"),
        ("nowhere", &reader, "silent", "could not tell"),
    ] {
        let told = gate(url, key, service, &[]).await.expect(2);
        assert!(told.err.contains(words) && told.out.is_empty(), "{words} is not in {told:?}");
    }
    // What is wrong with the arguments is told before anything is asked.
    gate(&url, &reader, "silent", &["--since", "soon"]).await.expect(2);
}
