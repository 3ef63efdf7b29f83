//! From credentials to an actor, for both doors.
//!
//! Always true: the actor is in the request's extensions before any handler runs; keyed answers carry the rate-limit
//! headers; a log-in that is used is renewed.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::key::RateLimit;
use http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use platform::actor::Actor;
use platform::auth::Credentials;

use crate::assets;
use crate::error::Refusal;
use crate::state::AppState;

/// Lossy, so that credentials no one can read are refused like any that are wrong, not taken for none.
fn text(headers: &HeaderMap, name: impl http::header::AsHeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn credentials(headers: &HeaderMap, cookie_name: &str) -> Credentials {
    let cookies =
        headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    let cookie = cookies.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == cookie_name);
    let bearer = text(headers, AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    Credentials { cookie: cookie.map(|(_, value)| value.to_owned()), bearer, api_key: text(headers, "x-api-key") }
}

fn add_rate_headers(headers: &mut HeaderMap, rate: RateLimit, now: domain::Time) {
    let reset_ms = u64::try_from((rate.reset_at - now).num_milliseconds()).unwrap_or_default();
    headers.insert("ratelimit-limit", HeaderValue::from(rate.limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(rate.remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(reset_ms.div_ceil(1_000)));
}

fn refuse(error: platform::Error, now: domain::Time) -> Response {
    let rate = match &error {
        platform::Error::RateLimited { rate, .. } => *rate,
        _ => None,
    };
    let mut response = Refusal::from(error).into_response();
    if let Some(rate) = rate {
        add_rate_headers(response.headers_mut(), rate, now);
    }
    response
}

fn sets_cookie(headers: &HeaderMap, name: &str) -> bool {
    let named =
        |value: &HeaderValue| value.as_bytes().strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="));
    headers.get_all(SET_COOKIE).iter().any(named)
}

/// The layer.
pub(crate) async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Files are for everybody, and are kept by caches on the way: no log-in is ever renewed with one. Who probes would take
    // a refused credential, which a proxy may add, for a process that is dead.
    let path = request.uri().path();
    if assets::is_file(path) || matches!(path, "/healthz" | "/readyz") {
        request.extensions_mut().insert(Actor::Anonymous);
        return next.run(request).await;
    }
    let auth = state.platform.auth();
    let credentials = credentials(request.headers(), auth.cookie_name());
    let resolved = match auth.resolve(&credentials).await {
        Ok(resolved) => resolved,
        Err(error) => return refuse(error, state.platform.now()),
    };
    request.extensions_mut().insert(resolved.actor);
    let mut response = next.run(request).await;
    if let Some(rate) = resolved.rate_limit {
        add_rate_headers(response.headers_mut(), rate, state.platform.now());
    }
    // A log-in or a log-out has said already how it goes on.
    if let Some(renewed) = resolved.renewed
        && !sets_cookie(response.headers(), auth.cookie_name())
        && let Ok(cookie) = HeaderValue::from_str(&auth.session_cookie(&renewed))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
