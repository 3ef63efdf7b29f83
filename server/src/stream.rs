//! The WebSocket stream of events.
//!
//! Always true: the first frame says `connected` with the id to resume from; a client that does not read is dropped with
//! a reason after ten seconds and never slows the rest; on shutdown every client gets a close frame.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse as _, Response};
use domain::error::ErrorCode;
use http::HeaderMap;
use platform::Platform;
use platform::stream::{StreamFilter, Subscription, SubscriptionEnd};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{Answer, Refusal};
use crate::extract::{Params, Who};
use crate::state::AppState;

/// A frame that is not taken within this time ends the connection.
const SEND_LIMIT: Duration = Duration::from_secs(10);
const PING_EVERY: Duration = Duration::from_secs(20);
/// RFC 6455: going away; policy violation, which is the nearest to "too slow"; try again later is 1013.
const GOING_AWAY: u16 = 1001;
const TRY_AGAIN: u16 = 1013;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(anomalies)).routes(routes!(events))
}

/// What to stream and from where.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StreamParams {
    /// Topics (`anomaly`) or names (`anomaly.detected`), separated by commas; all when absent.
    #[serde(default)]
    topics: Option<String>,
    /// Resume after the event with this id; `Last-Event-ID` does the same.
    #[serde(default)]
    after: Option<i64>,
}

/// Anomalies as they are found, get worse and end.
#[utoipa::path(get, path = "/stream/anomalies", tag = "Stream", params(("after" = Option<i64>, Query)), responses((status = 101), crate::api::Refusals))]
async fn anomalies(
    State(platform): State<Platform>,
    who: Who,
    headers: HeaderMap,
    Params(params): Params<StreamParams>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let params = StreamParams { topics: Some("anomaly".to_owned()), ..params };
    open(platform, who, &headers, params, upgrade).await
}

/// All events, or some topics of them.
#[utoipa::path(get, path = "/stream/events", tag = "Stream", params(StreamParams), responses((status = 101), crate::api::Refusals))]
async fn events(
    State(platform): State<Platform>,
    who: Who,
    headers: HeaderMap,
    Params(params): Params<StreamParams>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    open(platform, who, &headers, params, upgrade).await
}

async fn open(
    platform: Platform,
    Who(actor): Who,
    headers: &HeaderMap,
    params: StreamParams,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answer<Response> {
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let topics = params.topics.unwrap_or_default();
    let filter = StreamFilter {
        topics: topics.split(',').map(str::trim).filter(|topic| !topic.is_empty()).map(str::to_owned).collect(),
        after: params.after.or(header),
    };
    let status = platform.stream().status(&actor)?;
    let upgrade = upgrade.map_err(|_| Refusal::new(ErrorCode::MalformedRequest, "open this address as a WebSocket"))?;
    let subscription = platform.stream().subscribe(&actor, filter).await?;
    let hello = json!({
        "event": "connected",
        "timestamp": platform.now(),
        "last_event_id": status.last_event_id,
        "has_gap": subscription.has_gap(),
    });
    Ok(upgrade.on_upgrade(move |socket| serve(socket, subscription, hello.to_string())).into_response())
}

/// Why a connection ends.
enum End {
    Gone,
    Told(u16, String),
}

async fn serve(mut socket: WebSocket, mut subscription: Subscription, hello: String) {
    let end = pump(&mut socket, &mut subscription, hello).await;
    if let End::Told(code, reason) = end {
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        if tokio::time::timeout(SEND_LIMIT, socket.send(close)).await.is_err() {
            tracing::debug!("a slow stream client did not take its close frame");
        }
    }
}

async fn pump(socket: &mut WebSocket, subscription: &mut Subscription, hello: String) -> End {
    let mut pings = tokio::time::interval(PING_EVERY);
    pings.tick().await;
    if let Some(end) = send(socket, subscription, Message::Text(hello.into())).await {
        return end;
    }
    loop {
        let message = tokio::select! {
            event = subscription.next() => match event {
                Ok(event) => match serde_json::to_string(&*event) {
                    Ok(text) => Message::Text(text.into()),
                    Err(_) => continue,
                },
                Err(SubscriptionEnd::Stopping) => return End::Told(GOING_AWAY, "Bellwether is stopping; reconnect and resume".to_owned()),
                Err(SubscriptionEnd::Unreadable) => {
                    return End::Told(TRY_AGAIN, "missed events cannot be read now; reconnect and resume".to_owned());
                }
                Err(SubscriptionEnd::TooSlow { missed }) => return too_slow(missed),
            },
            received = socket.recv() => match received {
                // Nothing a client says means anything here; pongs and pings are answered below us.
                Some(Ok(Message::Close(_)) | Err(_)) | None => return End::Gone,
                Some(Ok(_)) => continue,
            },
            _ = pings.tick() => Message::Ping(bytes::Bytes::new()),
        };
        if let Some(end) = send(socket, subscription, message).await {
            return end;
        }
    }
}

async fn send(socket: &mut WebSocket, subscription: &Subscription, message: Message) -> Option<End> {
    match tokio::time::timeout(SEND_LIMIT, socket.send(message)).await {
        Ok(Ok(())) => None,
        Ok(Err(_)) => Some(End::Gone),
        Err(_) => {
            subscription.too_slow(1);
            Some(too_slow(1))
        }
    }
}

fn too_slow(missed: u64) -> End {
    End::Told(
        TRY_AGAIN,
        format!("too slow: {missed} events were not taken; reconnect with after=ID of the last one you have"),
    )
}
