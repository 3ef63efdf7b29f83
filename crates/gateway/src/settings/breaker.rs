//! When a breaker opens and closes.

use serde::{Deserialize, Serialize};

/// The thresholds of the breakers. Names in resilience4j: see `docs/gateway.md`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerSettings {
    /// Whether breakers judge at all. Those that a person opened stay open.
    pub enabled: bool,
    /// So many failures in a row open it.
    pub consecutive_failures: u32,
    /// The window over which shares are taken, in seconds, at most 3600.
    pub window_secs: u32,
    /// Shares are not judged with fewer calls in the window.
    pub minimum_calls: u32,
    /// This share of failures opens it, 0 to 1.
    pub failure_share: f64,
    /// A call that takes at least this long is slow. For a stream: until its first token.
    pub slow_ms: u64,
    /// This share of slow calls opens it, 0 to 1.
    pub slow_share: f64,
    /// From opening to the first probe.
    pub recovery_ms: u64,
    /// Calls let through at a time while half-open.
    pub probes: u32,
    /// Successful probes that close it; one failure opens it again.
    pub successes_to_close: u32,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            consecutive_failures: 5,
            window_secs: 60,
            minimum_calls: 20,
            failure_share: 0.5,
            slow_ms: 60_000,
            slow_share: 1.0,
            recovery_ms: 30_000,
            probes: 2,
            successes_to_close: 2,
        }
    }
}

impl BreakerSettings {
    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut whole = |name: &str, value: u64, from: u64, to: u64| {
            if !(from..=to).contains(&value) {
                problems.push((name.to_owned(), format!("must be between {from} and {to}")));
            }
        };
        whole("consecutive_failures", self.consecutive_failures.into(), 1, 10_000);
        whole("window_secs", self.window_secs.into(), 1, 3_600);
        whole("minimum_calls", self.minimum_calls.into(), 1, 1_000_000);
        whole("slow_ms", self.slow_ms, 1, 3_600_000);
        whole("recovery_ms", self.recovery_ms, 1, 86_400_000);
        whole("probes", self.probes.into(), 1, 1_000);
        whole("successes_to_close", self.successes_to_close.into(), 1, 1_000);
        for (name, share) in [("failure_share", self.failure_share), ("slow_share", self.slow_share)] {
            if !(share > 0.0 && share <= 1.0) {
                problems.push((name.to_owned(), "must be above 0 and at most 1".to_owned()));
            }
        }
        problems
    }
}
