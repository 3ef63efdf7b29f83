//! One HTTP fetch of a target's metrics.
//!
//! Always true: it ends within its timeout, reads at most its limit of bytes, and follows no redirect.

use std::time::Duration;

use metrics::exposition::{ACCEPT, Format};
use reqwest::header::{ACCEPT as ACCEPT_HEADER, CONTENT_TYPE};
use reqwest::{Client, StatusCode, Url};

use super::outbound::{AddressPolicy, check_literal};

/// What a target answered.
pub(super) struct Fetched {
    pub(super) body: Vec<u8>,
    pub(super) format: Format,
}

/// Fetches; the error is in words for the target's report.
pub(super) async fn fetch(
    client: &Client,
    policy: AddressPolicy,
    url: &str,
    timeout: Duration,
    max_bytes: usize,
) -> Result<Fetched, String> {
    let url = Url::parse(url).map_err(|e| format!("the URL cannot be read: {e}"))?;
    check_literal(&url, policy)?;
    match tokio::time::timeout(timeout, read(client, url, max_bytes)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(format!("no complete answer within {} ms", timeout.as_millis())),
    }
}

async fn read(client: &Client, url: Url, max_bytes: usize) -> Result<Fetched, String> {
    let mut response = client.get(url).header(ACCEPT_HEADER, ACCEPT).send().await.map_err(|e| reason(&e))?;
    if response.status() != StatusCode::OK {
        return Err(format!("answered with status {}", response.status()));
    }
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let format = Format::from_content_type(content_type).map_err(|e| e.to_string())?;
    let too_large = || format!("the answer is larger than scrape.max_body_bytes = {max_bytes}");
    if response.content_length().is_some_and(|length| length > max_bytes as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| reason(&e))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { body, format })
}

/// The innermost cause: "connection refused" helps, "error sending request" does not.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
