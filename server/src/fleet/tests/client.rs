//! A caller of one service, and what it reads from `/metrics`.
//!
//! Always true: a sample is found by its exact name and labels as they stand in the text.

use axum::http::{Method, Request, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// Calls one service.
pub(super) struct Client {
    http: HttpClient<HttpConnector, Full<Bytes>>,
    base: String,
    pub(super) token: String,
}

impl Client {
    pub(super) fn new(port: u16, token: &str) -> Self {
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        Self { http, base: format!("http://127.0.0.1:{port}"), token: token.to_owned() }
    }

    /// Status, content type and body; nothing when it cannot be reached.
    pub(super) async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: &str,
    ) -> Option<(StatusCode, String, String)> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("x-fleet-token", &self.token)
            .body(Full::new(Bytes::from(body.to_owned())))
            .unwrap();
        let response = self.http.request(request).await.ok()?;
        let status = response.status();
        let kind = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some((status, kind.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap()))
    }

    /// Status and JSON.
    pub(super) async fn call(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, _, body) = self.try_call(method, path, &body).await.expect("the service answers");
        (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    pub(super) async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.call(Method::GET, path, &Value::Null).await
    }

    pub(super) async fn inject(&self, fault: &str, intensity: f64, duration_secs: u32) -> (StatusCode, Value) {
        let order = json!({ "fault": fault, "intensity": intensity, "duration_secs": duration_secs });
        self.call(Method::POST, "/faults", &order).await
    }

    pub(super) async fn clear(&self) -> (StatusCode, Value) {
        self.call(Method::DELETE, "/faults", &Value::Null).await
    }

    pub(super) async fn metrics(&self) -> String {
        let (status, _, text) = self.try_call(Method::GET, "/metrics", "").await.expect("the service answers");
        assert_eq!(status, StatusCode::OK);
        text
    }

    /// The value of one sample, if it is there.
    pub(super) async fn sample(&self, series: &str) -> Option<f64> {
        find(&self.metrics().await, series)
    }
}

/// The value of the sample `series`, for example `orders_total{outcome="placed"}`.
pub(super) fn find(text: &str, series: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}
