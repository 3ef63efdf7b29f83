//! Calls to the other services over HTTP, through one client with kept-alive connections.
//!
//! Always true: a call ends within [`PATIENCE`]; an answer is read up to [`MAX_ANSWER`] bytes.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Request, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Serialize;

use super::kind::ServiceKind;

/// How long a call may take, answer included.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes.
pub(super) const MAX_ANSWER: usize = 64 * 1024;

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// A call had no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum PeerError {
    #[error("{0} has no known port; start this service with --peer {0}=PORT")]
    Unknown(ServiceKind),
    #[error("{0} did not answer within {secs} s", secs = PATIENCE.as_secs())]
    Timeout(ServiceKind),
    #[error("{0} could not be reached: {1}")]
    Unreachable(ServiceKind, String),
}

/// An answer of a peer, whatever its status.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

/// The client and where everybody is.
#[derive(Debug)]
pub(super) struct Peers {
    client: Client<HttpConnector, Full<Bytes>>,
    ports: BTreeMap<ServiceKind, u16>,
}

impl Peers {
    /// `own` is where this service itself listens.
    pub(super) fn new(ports: &BTreeMap<String, u16>, kind: ServiceKind, own: u16) -> Self {
        let client =
            Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build_http();
        let known = ports.iter().filter_map(|(name, &port)| Some((name.parse().ok()?, port)));
        Self { client, ports: known.chain([(kind, own)]).collect() }
    }

    pub(super) async fn get(&self, peer: ServiceKind, path: &str) -> Result<Reply, PeerError> {
        self.call(Method::GET, peer, path, Bytes::new()).await
    }

    pub(super) async fn post(&self, peer: ServiceKind, path: &str, body: &impl Serialize) -> Result<Reply, PeerError> {
        let body = serde_json::to_vec(body).map_err(|error| PeerError::Unreachable(peer, error.to_string()))?;
        self.call(Method::POST, peer, path, body.into()).await
    }

    async fn call(&self, method: Method, peer: ServiceKind, path: &str, body: Bytes) -> Result<Reply, PeerError> {
        let port = self.ports.get(&peer).ok_or(PeerError::Unknown(peer))?;
        let unreachable = |reason: String| PeerError::Unreachable(peer, reason);
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{port}{path}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(body))
            .map_err(|error| unreachable(error.to_string()))?;
        let exchange = async {
            let (head, body) =
                self.client.request(request).await.map_err(|error| unreachable(error.to_string()))?.into_parts();
            let body =
                Limited::new(body, MAX_ANSWER).collect().await.map_err(|error| unreachable(error.to_string()))?;
            Ok(Reply { status: head.status, body: body.to_bytes() })
        };
        tokio::time::timeout(PATIENCE, exchange).await.map_err(|_| PeerError::Timeout(peer))?
    }
}
