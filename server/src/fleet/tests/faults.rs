//! Each fault has the effect it names, and the effect is gone when it is cleared.

use axum::http::StatusCode;
use tokio::time::Instant;

use super::client::find;
use super::{Running, ServiceKind, eventually};

/// The path of the only work that `users` does.
const ROUTE: &str = r#"{method="GET",route="/users/{id}""#;

#[tokio::test]
async fn latency_is_real_and_the_histogram_shows_it() {
    let service = Running::start(ServiceKind::Users).await;
    service.client.inject("latency", 0.3, 60).await;
    let started = Instant::now();
    assert_eq!(service.client.get("/users/1").await.0, StatusCode::OK);
    let took = started.elapsed().as_secs_f64();
    assert!(took >= 0.6, "{took}");

    let text = service.client.metrics().await;
    let bucket = |le| find(&text, &format!(r#"http_request_duration_seconds_bucket{{le="{le}",{}}}"#, &ROUTE[1..]));
    assert_eq!(bucket("0.5"), Some(0.0), "{text}");
    let sum = find(&text, &format!("http_request_duration_seconds_sum{ROUTE}}}")).unwrap();
    assert!(sum >= 0.6 && sum <= took, "{sum} of {took}");

    service.client.clear().await;
    let started = Instant::now();
    service.client.get("/users/1").await;
    assert!(started.elapsed().as_secs_f64() < 0.6);
}

#[tokio::test]
async fn errors_fail_their_share_of_calls() {
    let service = Running::start(ServiceKind::Users).await;
    service.client.inject("errors", 0.5, 60).await;
    for _ in 0..100 {
        service.client.get("/users/1").await;
    }
    let failed = service.client.sample(&format!(r#"http_requests_total{ROUTE},status="500"}}"#)).await.unwrap();
    // Five standard deviations of 100 throws.
    assert!((25.0..=75.0).contains(&failed), "{failed}");
}

#[tokio::test]
async fn leaked_connections_exhaust_the_pool_until_they_are_given_back() {
    let service = Running::start(ServiceKind::Users).await;
    let used = async || service.client.sample(r#"db_pool_connections{state="used"}"#).await.unwrap();
    assert_eq!(used().await, 0.0);
    service.client.inject("connection_leak", 1.0, 60).await;
    // Every user is new, so every call uses a connection.
    let mut id = 0;
    eventually("the first leaked connections", async || {
        service.client.get(&format!("/users/{id}")).await;
        id += 1;
        (used().await >= 2.0).then_some(())
    })
    .await;
    service.client.clear().await;
    assert_eq!(used().await, 0.0);
}

#[tokio::test]
async fn cpu_keeps_a_thread_busy() {
    let service = Running::start(ServiceKind::Payments).await;
    let before = service.client.sample("process_cpu_seconds_total").await.unwrap();
    let started = Instant::now();
    service.client.inject("cpu", 1.0, 60).await;
    let (used, took) = eventually("half a second of processor time", async || {
        let used = service.client.sample("process_cpu_seconds_total").await.unwrap() - before;
        (used > 0.5).then(|| (used, started.elapsed().as_secs_f64()))
    })
    .await;
    assert!(took < 20.0, "{used} s in {took} s");
}

#[tokio::test]
async fn drift_changes_what_the_model_is_asked_and_how_sure_it_is() {
    let users = Running::start(ServiceKind::Users).await;
    let model = Running::start_with(ServiceKind::ThreatDetection, &[(ServiceKind::Users, &users)], 200.0).await;
    let settled = eventually("a window without drift", async || {
        let text = model.client.metrics().await;
        let (drift, confidence) = (find(&text, "model_drift_score")?, find(&text, "model_prediction_confidence")?);
        (drift < 0.1).then_some(confidence)
    })
    .await;
    assert!(settled > 0.9, "{settled}");
    model.client.inject("drift", 0.8, 60).await;
    eventually("drift and lost confidence", async || {
        let text = model.client.metrics().await;
        let is_drift = find(&text, "model_drift_score")? > 0.25;
        (is_drift && find(&text, "model_prediction_confidence")? < settled - 0.05).then_some(())
    })
    .await;
    let text = model.client.metrics().await;
    assert!(find(&text, r#"model_feature_mean{feature="bytes_out"}"#).unwrap() > 0.3, "{text}");
    assert!(find(&text, r#"model_predictions_total{class="benign"}"#).unwrap() > 0.0);
    assert!(find(&text, "model_inference_duration_seconds_count").unwrap() > 0.0);
}
