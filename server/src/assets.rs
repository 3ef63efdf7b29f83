//! The web files inside the binary.
//!
//! Always true: files under `/pkg/` carry a hash in their name and are cached for ever; a compressed variant is sent
//! only to those who ask for it.

use app::Assets;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

include!(concat!(env!("OUT_DIR"), "/site.rs"));

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

fn find(name: &str) -> Option<&'static [u8]> {
    let index = FILES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    FILES.get(index).map(|(_, bytes)| *bytes)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Addresses of the files that pages load.
pub(crate) fn addresses() -> Assets {
    let manifest: serde_json::Value =
        find("/manifest.json").and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    let address = |name: &str| manifest.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    Assets {
        js: address("bellwether.js"),
        wasm: address("bellwether_bg.wasm"),
        css: address("main.css"),
        page: address("page.js"),
        charts: address("charts.js"),
    }
}

/// Whether there are web files in this binary.
pub(crate) fn is_built() -> bool {
    !FILES.is_empty()
}

/// Whether a file is served at this path.
pub(crate) fn is_file(path: &str) -> bool {
    path != "/manifest.json" && ![".br", ".gz"].iter().any(|end| path.ends_with(end)) && find(path).is_some()
}

/// Bytes of the WASM as most browsers get it.
pub(crate) fn wasm_brotli_bytes() -> Option<usize> {
    find(&format!("{}.br", addresses().wasm)).map(<[u8]>::len)
}

/// A file, if there is one at this path.
pub(crate) fn serve(path: &str, headers: &HeaderMap) -> Option<Response> {
    if !is_file(path) {
        return None;
    }
    let plain = find(path)?;
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |encoding: &str| {
        accepted.split(',').any(|part| part.split(';').next().is_some_and(|name| name.trim() == encoding))
    };
    let compressed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(encoding))
        .find_map(|(encoding, end)| Some((encoding, find(&format!("{path}{end}"))?)));
    let (encoding, bytes) = compressed.map_or((None, plain), |(encoding, bytes)| (Some(encoding), bytes));
    let mut response = (StatusCode::OK, Body::from(bytes)).into_response();
    let head = response.headers_mut();
    head.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    head.insert(CACHE_CONTROL, if path.starts_with("/pkg/") { FOREVER } else { AN_HOUR });
    head.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        head.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}
