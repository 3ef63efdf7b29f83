//! How long a call may take.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The limits of a route, in milliseconds. What passes one fails over while nothing has been sent to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// From the start of an attempt to the first frame of a stream that says something.
    pub first_token_ms: u64,
    /// Between two frames of a stream. Comments do not count as frames.
    pub silence_ms: u64,
    /// The whole call with all its attempts.
    pub total_ms: u64,
    /// One attempt whose answer is not streamed. Not said: what is left of `total_ms`, shared equally by the targets that are left.
    pub attempt_ms: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { first_token_ms: 30_000, silence_ms: 60_000, total_ms: 600_000, attempt_ms: None }
    }
}

impl Limits {
    pub(crate) fn first_token(&self) -> Duration {
        Duration::from_millis(self.first_token_ms)
    }

    pub(crate) fn silence(&self) -> Duration {
        Duration::from_millis(self.silence_ms)
    }

    pub(crate) fn total(&self) -> Duration {
        Duration::from_millis(self.total_ms)
    }

    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let attempt = self.attempt_ms.unwrap_or(1);
        [
            ("first_token_ms", self.first_token_ms),
            ("silence_ms", self.silence_ms),
            ("total_ms", self.total_ms),
            ("attempt_ms", attempt),
        ]
        .into_iter()
        .filter(|(_, value)| !(1..=86_400_000).contains(value))
        .map(|(name, _)| (name.to_owned(), "must be between 1 and 86400000 milliseconds".to_owned()))
        .collect()
    }
}
