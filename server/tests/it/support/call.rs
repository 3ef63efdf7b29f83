//! One request and its answer.
//!
//! Always true: an answer that does not come within half a minute fails the test; no answer of the server is ever 500.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONTENT_TYPE, HeaderName, SET_COOKIE};
use http::request::Builder;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use super::Caller;

const LIMIT: Duration = Duration::from_secs(30);
/// From where calls come; of the range for documentation.
const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)), 40_000);

/// A request that is being put together.
pub(crate) struct Call {
    router: axum::Router,
    request: Builder,
    peer: SocketAddr,
    body: Body,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: bytes::Bytes,
}

impl Call {
    pub(crate) fn new(router: axum::Router, method: Method, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:3000");
        Self { router, request, peer: PEER, body: Body::empty() }
    }

    /// With the credentials of `caller`.
    pub(crate) fn by(mut self, caller: &Caller) -> Self {
        self.request = caller.sign(self.request);
        self
    }

    /// With one more header.
    pub(crate) fn header(mut self, name: impl TryInto<HeaderName>, value: impl AsRef<[u8]>) -> Self {
        let name = name.try_into().unwrap_or_else(|_| panic!("not a header name"));
        self.request = self.request.header(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
        self
    }

    /// From this address.
    pub(crate) fn from(mut self, peer: SocketAddr) -> Self {
        self.peer = peer;
        self
    }

    /// With a body of any kind.
    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        self.request = self.request.header(CONTENT_TYPE, content_type);
        self.body = body.into();
        self
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With a form as body.
    pub(crate) fn form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", body.to_owned())
    }

    /// Makes the request.
    pub(crate) async fn send(self) -> Answer {
        let mut request = self.request.body(self.body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let name = format!("{} {}", request.method(), request.uri());
        let work = async {
            let response = self.router.oneshot(request).await.unwrap();
            let (head, body) = response.into_parts();
            Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
        };
        let answer = tokio::time::timeout(LIMIT, work).await.unwrap_or_else(|_| panic!("no answer to {name}"));
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{name}: {}", answer.text());
        answer
    }
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e} in {}: {}", self.status, self.text()))
    }

    /// This answer, when it has the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Every `Set-Cookie`.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The code of a refusal, after a look at its shape: the contract's, or Prometheus' with the same parts.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let body = self.json();
        let is_prometheus = body["status"] == "error";
        let error = if is_prometheus { &body } else { &body["error"] };
        if is_prometheus {
            assert!(body["error"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
            assert!(body["errorType"].is_string(), "{body}");
        }
        assert!(is_prometheus || error["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
        assert!(error["fields"].is_array(), "{body}");
        assert_eq!(error["request_id"].as_str(), self.header("x-request-id"), "{body}");
        error["code"].as_str().unwrap().to_owned()
    }

    /// The fields that a refusal names.
    #[track_caller]
    pub(crate) fn fields(&self) -> Vec<String> {
        let body = self.json();
        let error = if body["status"] == "error" { &body } else { &body["error"] };
        let fields = error["fields"].as_array().unwrap_or_else(|| panic!("{body}"));
        fields.iter().map(|field| field["field"].as_str().unwrap().to_owned()).collect()
    }
}
