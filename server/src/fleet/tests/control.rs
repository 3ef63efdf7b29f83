//! The doors to the fault switches: who may, what is refused, what is shown.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Running, ServiceKind, eventually};

#[tokio::test]
async fn without_the_token_nothing_is_switched_or_shown() {
    let mut service = Running::start(ServiceKind::Orders).await;
    for wrong in ["", "another-token"] {
        service.client.token = wrong.to_owned();
        for (method, path) in
            [(Method::GET, "/faults"), (Method::DELETE, "/faults"), (Method::DELETE, "/faults/latency")]
        {
            let (status, body) = service.client.call(method, path, &Value::Null).await;
            assert_eq!((status, body["error"]["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("not_authenticated")));
        }
        assert_eq!(service.client.inject("crash", 1.0, 60).await.0, StatusCode::UNAUTHORIZED);
    }
    service.client.token = super::TOKEN.to_owned();
    assert_eq!(service.client.get("/faults").await, (StatusCode::OK, json!({ "faults": [] })));
}

#[tokio::test]
async fn a_bad_order_is_refused_with_the_field_named() {
    let service = Running::start(ServiceKind::Payments).await;
    for (fault, intensity, duration, field) in [
        ("latency", 0.0, 60, "intensity"),
        ("latency", 1.5, 60, "intensity"),
        ("latency", 0.5, 0, "duration_secs"),
        ("latency", 0.5, 3_601, "duration_secs"),
        ("drift", 0.5, 60, "fault"),
        ("connection_leak", 0.5, 60, "fault"),
    ] {
        let (status, body) = service.client.inject(fault, intensity, duration).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(body["error"]["fields"][0]["field"], field, "{body}");
    }
    for body in [json!({}), json!({ "fault": "gremlins", "intensity": 0.5, "duration_secs": 1 }), json!([])] {
        let (status, answer) = service.client.call(Method::POST, "/faults", &body).await;
        assert_eq!((status, answer["error"]["code"].as_str()), (StatusCode::BAD_REQUEST, Some("malformed_request")));
    }
    let (status, _) = service.client.call(Method::DELETE, "/faults/gremlins", &Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn faults_are_listed_replaced_and_cleared_one_by_one() {
    let service = Running::start(ServiceKind::Orders).await;
    service.client.inject("latency", 0.2, 60).await;
    service.client.inject("errors", 0.3, 60).await;
    let (status, body) = service.client.inject("latency", 0.4, 60).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let shown: Vec<_> = body["faults"].as_array().unwrap().iter().map(|f| (&f["fault"], &f["intensity"])).collect();
    assert_eq!(shown, [(&json!("latency"), &json!(0.4)), (&json!("errors"), &json!(0.3))]);

    let (_, body) = service.client.call(Method::DELETE, "/faults/latency", &Value::Null).await;
    assert_eq!(body["faults"][0]["fault"], "errors");
    assert_eq!(service.client.clear().await.1, json!({ "faults": [] }));
}

#[tokio::test]
async fn a_fault_ends_by_itself() {
    let service = Running::start(ServiceKind::Users).await;
    service.client.inject("errors", 1.0, 1).await;
    assert_eq!(service.client.get("/users/1").await.0, StatusCode::INTERNAL_SERVER_ERROR);
    eventually("the fault to end", async || {
        (service.client.get("/faults").await.1 == json!({ "faults": [] })).then_some(())
    })
    .await;
    assert_eq!(service.client.get("/users/1").await.0, StatusCode::OK);
}
