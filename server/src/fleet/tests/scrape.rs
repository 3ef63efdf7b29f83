//! What each service exposes.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::client::find;
use super::{Running, ServiceKind};

const EVERY_SERVICE: [&str; 4] =
    ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds", "queue_depth"];

#[tokio::test]
async fn every_service_says_how_its_process_is() {
    for kind in ServiceKind::ALL {
        let service = Running::start(kind).await;
        assert_eq!(service.client.get("/healthz").await.0, StatusCode::OK);
        let (_, content_type, text) = service.client.try_call(Method::GET, "/metrics", "").await.unwrap();
        assert!(content_type.starts_with("application/openmetrics-text; version=1.0.0"), "{content_type}");
        assert!(text.ends_with("# EOF\n"));
        for name in EVERY_SERVICE {
            assert!(find(&text, name).is_some(), "{kind} has no {name} in\n{text}");
        }
        assert_eq!(find(&text, r#"db_pool_connections{state="max"}"#).is_some(), kind.has_database(), "{kind}");
        let (method, route) = kind.route();
        let failed = format!(r#"http_requests_total{{method="{method}",route="{route}",status="500"}}"#);
        assert_eq!(find(&text, &failed), Some(0.0), "{kind}");
        let is_model = text.contains("# TYPE model_inference_duration_seconds histogram");
        assert_eq!(is_model, kind == ServiceKind::ThreatDetection);
    }
}

#[tokio::test]
async fn memory_and_processor_time_are_those_of_this_process() {
    let service = Running::start(ServiceKind::Users).await;
    let text = service.client.metrics().await;
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    let resident = kilobytes.unwrap().parse::<f64>().unwrap() * 1024.0;
    let shown = find(&text, "process_resident_memory_bytes").unwrap();
    assert!((shown / resident - 1.0).abs() < 0.5, "{shown} beside {resident}");

    let before = find(&text, "process_cpu_seconds_total").unwrap();
    assert!(before > 0.0);
    assert!(service.client.sample("process_cpu_seconds_total").await.unwrap() > before);
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status_and_measured() {
    let service = Running::start(ServiceKind::Users).await;
    for id in ["3", "3", "2000"] {
        service.client.get(&format!("/users/{id}")).await;
    }
    let text = service.client.metrics().await;
    let requests = |status| {
        find(&text, &format!(r#"http_requests_total{{method="GET",route="/users/{{id}}",status="{status}"}}"#))
    };
    assert_eq!((requests(200), requests(404)), (Some(2.0), Some(1.0)));
    assert_eq!(find(&text, r#"cache_lookups_total{result="miss"}"#), Some(1.0));
    assert_eq!(find(&text, r#"cache_lookups_total{result="hit"}"#), Some(1.0));
    let duration = |rest: &str| find(&text, &format!("http_request_duration_seconds{rest}"));
    assert_eq!(duration(r#"_count{method="GET",route="/users/{id}"}"#), Some(3.0));
    assert!(duration(r#"_sum{method="GET",route="/users/{id}"}"#).unwrap() > 0.001);
    // Own traffic of the scraper stays out of the numbers.
    assert!(!text.contains(r#"route="/metrics""#));
}

#[tokio::test]
async fn an_invented_method_becomes_no_new_label() {
    let service = Running::start(ServiceKind::Payments).await;
    for name in ["BREW", "WHEN"] {
        service.client.try_call(Method::from_bytes(name.as_bytes()).unwrap(), "/charges", "").await.unwrap();
    }
    let text = service.client.metrics().await;
    assert!(!text.contains("BREW"));
    assert_eq!(find(&text, r#"http_requests_total{method="OTHER",route="/charges",status="405"}"#), Some(2.0));
}

#[tokio::test]
async fn accepted_charges_are_summed() {
    let service = Running::start(ServiceKind::Payments).await;
    let mut sum = 0.0;
    for amount in [10.0, 2.5, 30.0] {
        let (status, _) =
            service.client.call(Method::POST, "/charges", &json!({ "user": 1, "amount_dollars": amount })).await;
        sum += if status == StatusCode::OK { amount } else { 0.0 };
    }
    assert_eq!(service.client.sample("payments_amount_dollars_total").await, Some(sum));
    let (status, body) =
        service.client.call(Method::POST, "/charges", &json!({ "user": 1, "amount_dollars": -1.0 })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
}
