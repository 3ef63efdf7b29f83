//! What others see of a breaker: its state, its changes, and what is kept over a restart.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Calls go through.
    Closed,
    /// Calls are refused until `until_ms`, then probes begin.
    Open,
    /// A few calls go through as probes.
    HalfOpen,
    /// Calls are refused until somebody closes it.
    ForcedOpen,
}

/// Why a breaker changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "of")]
pub enum Cause {
    /// So many failures in a row.
    ConsecutiveFailures(u32),
    /// Failures of so many calls in the window.
    FailureShare(u32, u32),
    /// Slow ones of so many calls in the window.
    SlowShare(u32, u32),
    /// It is time to probe.
    Recovery,
    /// A probe failed.
    ProbeFailed,
    /// So many probes succeeded.
    ProbesSucceeded(u32),
    /// Somebody or something outside said so: a person, a policy, a quality or cost limit.
    Asked(String),
}

/// One change of one breaker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct BreakerChange {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The provider's name for the model.
    pub model: Arc<str>,
    /// When, in Unix milliseconds.
    pub at_ms: i64,
    /// What it was.
    pub from: State,
    /// What it is.
    pub to: State,
    /// Why.
    pub cause: Cause,
}

/// A breaker as it is now.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct BreakerView {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The provider's name for the model.
    pub model: Arc<str>,
    /// Where it stands.
    pub state: State,
    /// Since when, in Unix milliseconds; 0 when it never changed.
    pub changed_ms: i64,
    /// When probes begin, in Unix milliseconds, while it is open.
    pub next_probe_ms: Option<i64>,
    /// Until when the provider asked to be left alone, in Unix milliseconds.
    pub cooling_until_ms: Option<i64>,
    /// Calls in the window.
    pub calls: u32,
    /// Failures in the window.
    pub failures: u32,
    /// Slow calls in the window.
    pub slow: u32,
    /// Failures since the last success.
    pub consecutive_failures: u32,
    /// Calls refused since the start of the process.
    pub refused: u64,
    /// Its last changes, the newest last.
    pub history: Vec<BreakerChange>,
}

/// What is kept of a breaker over a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SavedBreaker {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The provider's name for the model.
    pub model: Arc<str>,
    /// Where it stood. Half-open is restored as open with probes due.
    pub state: State,
    /// Since when, in Unix milliseconds.
    pub changed_ms: i64,
    /// When probes begin, in Unix milliseconds.
    pub until_ms: i64,
    /// Failures since the last success.
    pub consecutive_failures: u32,
    /// Its last changes, the newest last.
    pub history: Vec<BreakerChange>,
}
