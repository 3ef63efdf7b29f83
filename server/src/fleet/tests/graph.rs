//! The services together: load flows along the graph, and so do failures.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::client::find;
use super::{Running, ServiceKind, eventually};

async fn order(orders: &Running) -> StatusCode {
    orders.client.call(Method::POST, "/orders", &json!({ "user": 5, "amount_dollars": 12.0 })).await.0
}

#[tokio::test]
async fn the_load_reaches_every_service() {
    let users = Running::start(ServiceKind::Users).await;
    let payments = Running::start(ServiceKind::Payments).await;
    let peers = [(ServiceKind::Users, &users), (ServiceKind::Payments, &payments)];
    let orders = Running::start_with(ServiceKind::Orders, &peers, 50.0).await;
    eventually("orders that are placed", async || {
        (orders.client.sample(r#"orders_total{outcome="placed"}"#).await? >= 20.0).then_some(())
    })
    .await;
    let charged = payments.client.sample("payments_amount_dollars_total").await.unwrap();
    let looked_up = find(&users.client.metrics().await, r#"cache_lookups_total{result="miss"}"#).unwrap();
    assert!(charged > 0.0 && looked_up > 0.0, "{charged} {looked_up}");
    assert_eq!(orders.client.sample(r#"orders_total{outcome="failed"}"#).await, Some(0.0));
}

#[tokio::test]
async fn a_failing_dependency_fails_its_caller() {
    let users = Running::start(ServiceKind::Users).await;
    let payments = Running::start(ServiceKind::Payments).await;
    let peers = [(ServiceKind::Users, &users), (ServiceKind::Payments, &payments)];
    let orders = Running::start_with(ServiceKind::Orders, &peers, 0.0).await;
    assert!(matches!(order(&orders).await, StatusCode::OK | StatusCode::PAYMENT_REQUIRED));

    payments.client.inject("errors", 1.0, 60).await;
    assert_eq!(order(&orders).await, StatusCode::BAD_GATEWAY);
    payments.client.clear().await;

    drop(users);
    eventually("an order that fails because users is gone", async || {
        (order(&orders).await == StatusCode::BAD_GATEWAY).then_some(())
    })
    .await;
    assert!(orders.client.sample(r#"orders_total{outcome="failed"}"#).await.unwrap() >= 2.0);
}

#[tokio::test]
async fn a_full_pool_makes_orders_queue_and_then_refuses_them() {
    let users = Running::start(ServiceKind::Users).await;
    let payments = Running::start(ServiceKind::Payments).await;
    let peers = [(ServiceKind::Users, &users), (ServiceKind::Payments, &payments)];
    let orders = Running::start_with(ServiceKind::Orders, &peers, 0.0).await;
    // Held for more than the two seconds that an order waits for a connection.
    payments.client.inject("latency", 1.0, 60).await;
    users.client.inject("latency", 0.5, 60).await;
    let calls = tokio_util::task::TaskTracker::new();
    let orders = std::sync::Arc::new(orders);
    let answers: Vec<_> = (0..25)
        .map(|_| {
            let orders = orders.clone();
            calls.spawn(async move { order(&orders).await })
        })
        .collect();
    eventually("orders that wait", async || (orders.client.sample("queue_depth").await? == 5.0).then_some(())).await;
    assert_eq!(orders.client.sample(r#"db_pool_connections{state="idle"}"#).await, Some(0.0));
    let mut n_refused = 0;
    for answer in answers {
        n_refused += usize::from(answer.await.unwrap() == StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(n_refused, 5);
}
