//! What arrives, in which order, and after a break.

use serde_json::{Value, json};

use super::client::Client;
use super::listener;
use crate::support::{World, eventually};

on_both_databases!(
    the_first_frame_says_where_to_resume_from,
    events_come_in_order_and_to_everybody,
    a_client_resumes_after_the_last_it_has,
    topics_are_chosen,
    an_anomaly_is_streamed_from_its_first_to_its_last,
    connections_are_counted,
);

fn ids(events: &[Value]) -> Vec<i64> {
    events.iter().map(|event| event["id"].as_i64().unwrap()).collect()
}

fn names(range: std::ops::Range<u32>) -> impl Iterator<Item = String> {
    range.map(|i| format!("service-{i:04}"))
}

async fn the_first_frame_says_where_to_resume_from(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let mut first = Client::connect(address, "/stream/events", &caller).await;
    assert_eq!((&first.hello["event"], &first.hello["last_event_id"]), (&json!("connected"), &json!(0)));
    assert_eq!(first.hello["timestamp"].as_str().unwrap().parse::<domain::Time>().unwrap(), world.platform.now());
    world.mention(names(0..1)).await;
    let event = first.event().await;
    let second = Client::connect(address, "/stream/events", &caller).await;
    assert_eq!(second.hello["last_event_id"], event["id"]);
}

async fn events_come_in_order_and_to_everybody(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(Client::connect(address, "/stream/events", &caller).await);
    }
    world.mention(names(0..50)).await;
    let mut all = Vec::new();
    for client in &mut clients {
        all.push(client.events(50).await);
    }
    assert!(ids(&all[0]).is_sorted_by(|a, b| a < b), "{:?}", ids(&all[0]));
    assert!(all.iter().all(|events| *events == all[0]));
    let event = &all[0][0];
    assert_eq!((&event["event"], &event["service"]), (&json!("service.discovered"), &json!("service-0000")));
}

async fn a_client_resumes_after_the_last_it_has(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let mut client = Client::connect(address, "/stream/events", &caller).await;
    world.mention(names(0..20)).await;
    let seen = client.events(20).await;
    drop(client);
    world.mention(names(20..30)).await;
    let last = ids(&seen)[9];
    let by_parameter = Client::connect(address, &format!("/stream/events?after={last}"), &caller).await;
    let last = last.to_string();
    let by_header = Client::resume(address, "/stream/events", &caller, &[("last-event-id", &last)]).await;
    for (i, mut again) in [by_parameter, by_header].into_iter().enumerate() {
        let replayed = again.events(20).await;
        assert_eq!(replayed[..10], seen[10..]);
        assert_eq!(replayed[19]["service"], "service-0029");
        // And then it goes on with what happens.
        world.mention([format!("new-{i}")]).await;
        let next = again.event().await;
        assert!(next["service"].as_str().unwrap().starts_with("new-"), "{next}");
    }
    // From the very beginning, also over a restart of the process.
    let mut whole = Client::connect(address, "/stream/events?after=0", &caller).await;
    let events = whole.events(32).await;
    assert!(ids(&events).is_sorted_by(|a, b| a < b));
    assert_eq!(events[..20], seen);
    let restarted = world.restarted().await;
    let mut later = Client::connect(restarted.listen().await, "/stream/events?after=0", &caller).await;
    assert_eq!(later.hello["last_event_id"], json!(ids(&events)[31]));
    assert_eq!(later.events(32).await, events);
    restarted.platform.finish_stop().await;
}

async fn topics_are_chosen(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let mut services = Client::connect(address, "/stream/events?topics=service", &caller).await;
    let mut by_name = Client::connect(address, "/stream/events?topics=anomaly.resolved,%20nothing", &caller).await;
    let mut anomalies = Client::connect(address, "/stream/anomalies", &caller).await;
    world.go_down("orders").await;
    world.come_up("orders").await;
    assert_eq!(services.event().await["event"], "service.discovered");
    assert_eq!(by_name.event().await["event"], "anomaly.resolved");
    assert_eq!(anomalies.event().await["event"], "anomaly.detected");
}

async fn an_anomaly_is_streamed_from_its_first_to_its_last(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let mut client = Client::connect(address, "/stream/anomalies", &caller).await;
    world.go_down("orders").await;
    let detected = client.event().await;
    assert_eq!((&detected["event"], &detected["service"]), (&json!("anomaly.detected"), &json!("orders")));
    let anomaly = &detected["anomaly"];
    assert_eq!((&anomaly["metric"], &anomaly["status"]), (&json!("up"), &json!("open")));
    // It was a row before it was an event.
    let path = format!("/api/v1/anomalies/{}", anomaly["id"].as_str().unwrap());
    assert_eq!(&world.get(&path).by(&caller).send().await.expect(200).json(), anomaly);
    world.come_up("orders").await;
    let resolved = client.event().await;
    assert_eq!((&resolved["event"], &resolved["anomaly"]["id"]), (&json!("anomaly.resolved"), &anomaly["id"]));
    assert_eq!(resolved["anomaly"]["status"], "resolved");
    assert_eq!(world.get(&path).by(&caller).send().await.expect(200).json(), resolved["anomaly"]);
}

async fn connections_are_counted(world: World) {
    let (address, caller) = (world.listen().await, listener(&world).await);
    let status = async || world.get("/api/v1/stream/status").by(&caller).send().await.expect(200).json();
    let clients = [
        Client::connect(address, "/stream/events", &caller).await,
        Client::connect(address, "/stream/anomalies", &caller).await,
    ];
    let now = status().await;
    assert_eq!((&now["active_connections"], &now["dropped_slow"]), (&json!(2), &json!(0)));
    assert_eq!(now["websocket_url"], "ws://127.0.0.1:3000/stream/events");
    assert!(now["supported_events"].as_array().unwrap().contains(&json!("anomaly.detected")));
    drop(clients);
    eventually("the end of both", async || (status().await["active_connections"] == 0).then_some(())).await;
}
