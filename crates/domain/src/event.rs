//! Events: what happened, on the one bus that feeds the stream and the pages.
//!
//! Always true: ids only grow, so a reader that remembers the last one can go on after a break.

use serde::{Deserialize, Serialize};

use crate::{DateTime, Utc};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Grows by at least one with each event.
    pub id: i64,
    /// For example `anomaly.detected`; the part before the dot is the topic.
    pub event: String,
    pub timestamp: DateTime<Utc>,
    /// Name of the service it is about, if any.
    pub service: Option<String>,
    /// The thing it is about, whole, under a name that is none of the above (`{"anomaly": {…}}`).
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub payload: serde_json::Map<String, serde_json::Value>,
}

impl Event {
    /// The part of the name before the dot.
    #[must_use]
    pub fn topic(&self) -> &str {
        self.event.split_once('.').map_or(self.event.as_str(), |(topic, _)| topic)
    }
}

/// Names of the events the stream carries.
pub const EVENTS: &[&str] = &[
    "anomaly.detected",
    "anomaly.updated",
    "anomaly.resolved",
    "service.discovered",
    "target.down",
    "target.up",
    "breaker.opened",
    "breaker.half_open",
    "breaker.closed",
    "chaos.started",
    "chaos.ended",
    "budget.warning",
    "budget.exhausted",
    "demo.fault_injected",
    "demo.fault_cleared",
];

/// How the stream is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StreamStatus {
    pub active_connections: u32,
    pub websocket_url: String,
    pub supported_events: Vec<String>,
    /// Id of the newest event.
    pub last_event_id: i64,
    /// Clients dropped because they could not keep up, since the start.
    pub dropped_slow: u64,
}
