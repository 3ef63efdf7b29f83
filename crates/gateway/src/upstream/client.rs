//! The HTTP client: HTTP/1.1 with kept connections, TLS by rustls with the system's roots.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::Pieces;
use crate::failure::{Class, Failure};

/// A connection must stand after this long.
const CONNECT: Duration = Duration::from_secs(5);
/// An unused connection is kept this long; providers close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(50);

/// All outbound connections.
#[derive(Clone, Debug)]
pub(crate) struct Upstream(Client<HttpsConnector<HttpConnector>, Pieces>);

impl Upstream {
    /// Fails only when the TLS library refuses its own defaults.
    pub(crate) fn new() -> Result<Self, rustls::Error> {
        let mut http = HttpConnector::new();
        http.set_nodelay(true);
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT));
        http.set_keepalive(Some(IDLE));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls_config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(1_024)
            .build(connector);
        Ok(Self(client))
    }

    /// Sends a request and waits for the head of its answer. Dropping the future or the body stops the call.
    pub(crate) async fn send(&self, uri: Uri, headers: HeaderMap, body: Pieces) -> Result<Response<Incoming>, Failure> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        self.0.request(request).await.map_err(|error| {
            let class = if error.is_connect() { Class::Unreachable } else { Class::Reset };
            Failure::new(class, chain(&error))
        })
    }
}

/// The error and what caused it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// Trusts what the system trusts. Where that is nothing (a container without certificates) providers behind https cannot be reached,
/// and those on the own network still can.
fn tls_config() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = || ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions();
    match builder()?.try_with_platform_verifier() {
        Ok(config) => Ok(config.with_no_client_auth()),
        Err(error) => {
            tracing::warn!(%error, "no certificates to trust were found: providers behind https cannot be reached");
            Ok(builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
        }
    }
}
