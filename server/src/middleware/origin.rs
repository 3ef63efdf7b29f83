//! Refuses writes that another site makes a browser send.
//!
//! Always true: programs with a key or a bearer token are not browsers and pass; a browser tells where a write comes
//! from (Sec-Fetch-Site, else Origin), and it must be this very host.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::error::ErrorCode;
use http::header::{AUTHORIZATION, HOST, ORIGIN, UPGRADE};
use http::{HeaderMap, Method};

use crate::error::Refusal;

fn header(headers: &HeaderMap, name: impl http::header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a request that may change something comes from our own pages or from a program.
fn is_ours(headers: &HeaderMap) -> bool {
    let bearer = header(headers, AUTHORIZATION).and_then(|value| value.split_once(' '));
    if bearer.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) || headers.contains_key("x-api-key") {
        return true;
    }
    match header(headers, "sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match header(headers, ORIGIN) {
            Some(origin) => origin.split_once("://").map(|(_, host)| host) == header(headers, HOST),
            // Neither header: not a browser.
            None => true,
        },
    }
}

/// The layer.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // A WebSocket handshake is a GET that opens a channel with the cookie's power.
    let is_websocket = header(request.headers(), UPGRADE).is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    if (is_safe && !is_websocket) || is_ours(request.headers()) {
        return next.run(request).await;
    }
    Refusal::new(ErrorCode::Forbidden, "this request comes from another site; open Bellwether itself to do this")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn writes_of_other_sites_are_not_ours() {
        let host = ("host", "bellwether.example:3000");
        let table = [
            (vec![host], true),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "none")], true),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("origin", "http://bellwether.example:3000")], true),
            (vec![host, ("origin", "http://bellwether.example")], false),
            (vec![host, ("origin", "null")], false),
            (vec![host, ("origin", "http://evil.example"), ("x-api-key", "rp_1")], true),
            (vec![host, ("origin", "http://evil.example"), ("authorization", "bearer x")], true),
            // Browsers send these by themselves for an address with a user in it; they count for nothing here.
            (vec![host, ("origin", "http://evil.example"), ("authorization", "Basic YTpi")], false),
        ];
        for (pairs, expected) in table {
            assert_eq!(is_ours(&headers(&pairs)), expected, "{pairs:?}");
        }
    }
}
