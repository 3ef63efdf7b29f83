//! A client that does not read.

use domain::access::Scope;
use serde_json::json;
use tokio::net::TcpSocket;

use super::client::{Client, Frame};
use super::listener;
use crate::support::{World, eventually};

on_both_databases!(a_slow_client_is_dropped_with_a_reason_and_slows_nobody);

/// Events that a client may lag behind, as ARCHITECTURE.md says, and what the small buffers of both sockets hold.
const LAG: u32 = 1_024;
const MORE: u32 = 176;

async fn a_slow_client_is_dropped_with_a_reason_and_slows_nobody(world: World) {
    let socket = TcpSocket::new_v4().unwrap();
    // Accepted connections inherit it: what the system would hold back for a slow client is small.
    socket.set_send_buffer_size(4_096).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = world.serve_on(socket.listen(16).unwrap());
    let caller = listener(&world).await;
    let mut quick = Client::connect(address, "/stream/events", &caller).await;
    let mut slow = Client::connect(address, "/stream/events", &caller).await;

    // Long names, so that few events fill the buffers.
    let name = |i: u32| format!("{i:04}-{}", "x".repeat(120));
    let mut read = 0;
    for start in (0..LAG + MORE).step_by(100) {
        world.mention((start..start + 100).map(name)).await;
        for event in quick.events(100).await {
            assert_eq!(event["service"], json!(name(read)), "in order and none left out");
            read += 1;
        }
    }
    let reader = world.key(&[Scope::Read]).await;
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
        let status = world.get("/api/v1/stream/status").by(&reader).send().await.expect(200).json();
        (status["dropped_slow"] == 1 && status["active_connections"] == 1).then_some(())
    })
    .await;
    // What it did not take is not lost.
    let mut again = Client::connect(address, &format!("/stream/events?after={last}"), &caller).await;
    let missed = usize::try_from(i64::from(read) - last).unwrap();
    assert_eq!(again.events(missed).await.last().unwrap()["service"], json!(name(read - 1)));
    world.mention(["one-more".to_owned()]).await;
    assert_eq!(
        (quick.event().await["service"].clone(), again.event().await["service"].clone()),
        (json!("one-more"), json!("one-more"))
    );
}
