//! A client that does not read.

use serde_json::json;
use tokio::net::TcpSocket;

use super::client::{Client, Frame};
use super::listener;
use crate::support::{World, eventually};

on_both_databases!(a_slow_client_is_dropped_with_a_reason_and_slows_nobody);

/// Twice as many events: more than a client may lag behind (1,024, see ARCHITECTURE.md) and the small buffers hold.
const SERIES: usize = 700;

async fn a_slow_client_is_dropped_with_a_reason_and_slows_nobody(world: World) {
    let socket = TcpSocket::new_v4().unwrap();
    // Accepted connections inherit it: what the system would hold back for a slow client is small.
    socket.set_send_buffer_size(4_096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = world.serve_on(socket.listen(16).unwrap());
    let caller = listener(&world).await;
    let mut quick = Client::connect(address, "/stream/anomalies", &caller).await;
    let mut slow = Client::connect(address, "/stream/anomalies", &caller).await;

    world.push_series("orders", "up", SERIES, 1.0).await;
    let mut seen = Vec::new();
    for (value, name) in [(0.0, "anomaly.detected"), (1.0, "anomaly.resolved")] {
        world.pass(15);
        world.push_series("orders", "up", SERIES, value).await;
        for event in quick.events(SERIES).await {
            assert_eq!(event["event"], name);
            seen.push(event["id"].as_i64().unwrap());
        }
    }
    assert!(seen.is_sorted_by(|a, b| a < b), "in order and none twice");

    let mut last = 0;
    let reason = loop {
        match slow.frame().await {
            Frame::Event(event) => last = event["id"].as_i64().unwrap(),
            Frame::Closed { code, reason } => {
                assert_eq!(code, 1013);
                break reason;
            }
        }
    };
    assert!(reason.starts_with("too slow: ") && reason.contains("after="), "{reason}");
    eventually("the count of dropped clients", async || {
        let status = world.get("/api/v1/stream/status").by(&caller).send().await.expect(200).json();
        (status["dropped_slow"] == 1 && status["active_connections"] == 1).then_some(())
    })
    .await;
    // What it did not take is not lost.
    let mut again = Client::connect(address, &format!("/stream/anomalies?after={last}"), &caller).await;
    let missed: Vec<_> = seen.into_iter().filter(|id| *id > last).collect();
    assert!(missed.len() > SERIES, "it was far behind");
    for id in missed {
        assert_eq!(again.event().await["id"], json!(id));
    }
    world.go_down("users").await;
    assert_eq!(quick.event().await, again.event().await);
}
