//! Where a call comes from.
//!
//! Always true: a forwarded address counts only where the configuration says that a proxy in front sets it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::USER_AGENT;
use platform::auth::ClientInfo;

use crate::state::AppState;

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    // The last entry is the one that our own proxy added.
    headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// The layer.
pub(crate) async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let ip = if state.config.trust_forwarded_for { forwarded(request.headers()).or(peer) } else { peer };
    let user_agent =
        request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    request.extensions_mut().insert(ClientInfo { ip, user_agent });
    next.run(request).await
}
