//! `bellwether watch`: the stream in a terminal.

use domain::access::Scope;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::process::bellwether;
use super::run;
use crate::support::{Caller, World, eventually};

on_both_databases!(anomalies_are_shown_as_they_are_found, who_may_not_watch_is_told);

async fn anomalies_are_shown_as_they_are_found(world: World) {
    let url = format!("http://{}", world.listen().await);
    let key = world.created_key(&[Scope::Read]).await.key;
    let reader = Caller::Key(key.clone());
    let mut child =
        bellwether(&[], &["watch", "--url", &url, "--key", &key, "--limit", "2", "--json"]).spawn().unwrap();
    eventually("a listener", async || {
        let status = world.get("/api/v1/stream/status").by(&reader).send().await.expect(200).json();
        (status["active_connections"] == 1).then_some(())
    })
    .await;
    world.go_down("orders").await;
    world.come_up("orders").await;
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for expected in ["anomaly.detected", "anomaly.resolved"] {
        let line = tokio::time::timeout(std::time::Duration::from_secs(30), lines.next_line()).await.unwrap().unwrap();
        let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
        assert_eq!((&event["event"], &event["service"]), (&expected.into(), &"orders".into()));
    }
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}

async fn who_may_not_watch_is_told(world: World) {
    let url = format!("http://{}", world.listen().await);
    let ingest = world.created_key(&[Scope::Ingest]).await.key;
    for (key, words) in [("rp_wrong", "401"), (ingest.as_str(), "403")] {
        let refused = run(&[], &["watch", "--url", &url, "--key", key], "").await.expect(1);
        assert!(refused.err.contains(words), "{refused:?}");
    }
    run(&[], &["watch", "--url", &url], "").await.expect(2);
}
