//! What an experiment is, and how it stands.

use serde::{Deserialize, Serialize};

/// An experiment lasts no longer than this.
const MAX_DURATION_MS: i64 = 24 * 3_600_000;
/// No more delay than this is injected.
const MAX_DELAY_MS: u64 = 10_000;

/// What is done to a call.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Fault {
    /// Each call waits so long before it is sent.
    Latency {
        /// Milliseconds, at most 10 000.
        delay_ms: u64,
    },
    /// A share of the calls is answered with status 500.
    Failure {
        /// 0 to 1.
        share: f64,
    },
    /// A share of the calls is never answered.
    Timeout {
        /// 0 to 1.
        share: f64,
    },
    /// All calls fail for this share of each period, and none for the rest of it.
    Intermittent {
        /// 0 to 1.
        share: f64,
        /// Milliseconds.
        period_ms: u64,
    },
    /// No call gets a connection.
    Unavailability,
    /// A share of the answers is damaged on its way.
    Corruption {
        /// 0 to 1.
        share: f64,
    },
}

impl Fault {
    /// A fault by its word and one number: seconds (0 to 10) for `latency`; for the others a share, which above 1 is read as per cent.
    /// `intermittent` has periods of ten seconds.
    ///
    /// # Errors
    /// What the number or the word would have to be.
    pub fn named(word: &str, intensity: f64) -> Result<Self, String> {
        if word == "latency" {
            if !(0.0..=10.0).contains(&intensity) {
                return Err("`intensity` of latency is in seconds, between 0 and 10".to_owned());
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to lie in the range"
            )]
            return Ok(Self::Latency { delay_ms: (intensity * 1_000.0).round() as u64 });
        }
        if !(0.0..=100.0).contains(&intensity) {
            return Err("`intensity` is a share between 0 and 1, or per cent up to 100".to_owned());
        }
        let share = if intensity > 1.0 { intensity / 100.0 } else { intensity };
        Ok(match word {
            "failure" => Self::Failure { share },
            "timeout" => Self::Timeout { share },
            "intermittent" => Self::Intermittent { share, period_ms: 10_000 },
            "unavailability" => Self::Unavailability,
            "corruption" => Self::Corruption { share },
            _ => {
                return Err(
                    "`type` is latency, failure, timeout, intermittent, unavailability or corruption".to_owned()
                );
            }
        })
    }

    fn problem(self) -> Option<&'static str> {
        match self {
            Self::Latency { delay_ms } if delay_ms > MAX_DELAY_MS => Some("`delay_ms` must be at most 10000"),
            Self::Intermittent { period_ms, .. } if !(100..=3_600_000).contains(&period_ms) => {
                Some("`period_ms` must be between 100 and 3600000")
            }
            Self::Failure { share }
            | Self::Timeout { share }
            | Self::Intermittent { share, .. }
            | Self::Corruption { share }
                if !(0.0..=1.0).contains(&share) =>
            {
                Some("`share` must be between 0 and 1")
            }
            _ => None,
        }
    }
}

/// Which calls are touched. Everything that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Attempts at this provider.
    pub provider: Option<String>,
    /// Attempts at this model of it.
    pub model: Option<String>,
    /// Calls of this service.
    pub service: Option<String>,
    /// Calls with this key.
    pub key: Option<String>,
    /// Calls to this route.
    pub route: Option<String>,
    /// This share of those calls, 0 to 1. A call is in it or not with all its attempts.
    pub traffic: Option<f64>,
}

/// A fault, whom it touches, and how long.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Names it.
    pub id: String,
    /// What is done.
    pub fault: Fault,
    /// To whom.
    #[serde(default)]
    pub scope: Scope,
    /// From when, in Unix milliseconds.
    pub started_ms: i64,
    /// Until when, in Unix milliseconds. It holds after a restart too.
    pub ends_ms: i64,
    /// It ends early when more than this share of the calls in its scope fail for their callers, 0 to 1.
    #[serde(default)]
    pub abort_above: Option<f64>,
}

impl Experiment {
    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut say = |field: &str, message: &str| problems.push((field.to_owned(), message.to_owned()));
        if self.id.is_empty() {
            say("id", "must not be empty");
        }
        if let Some(problem) = self.fault.problem() {
            say("fault", problem);
        }
        if !(1..=MAX_DURATION_MS).contains(&self.ends_ms.saturating_sub(self.started_ms)) {
            say("ends_ms", "must be at most 24 hours after `started_ms`");
        }
        for (name, share) in [("scope.traffic", self.scope.traffic), ("abort_above", self.abort_above)] {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                say(name, "must be between 0 and 1");
            }
        }
        problems
    }
}

/// Why an experiment is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Its time was over.
    Elapsed,
    /// Somebody stopped it.
    Stopped,
    /// Too many calls in its scope failed.
    Aborted,
}

/// An experiment as it stands, and what callers have seen of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExperimentView {
    /// What it is.
    pub experiment: Experiment,
    /// Why it is over; nothing while it runs.
    pub end: Option<End>,
    /// When it ended, in Unix milliseconds.
    pub ended_ms: Option<i64>,
    /// Finished calls in its scope, touched or not.
    pub calls: u64,
    /// Of them, those that it touched.
    pub touched: u64,
    /// Of the touched ones, those that failed for their callers.
    pub errors: u64,
    /// Of the touched ones, those that another attempt saved.
    pub fail_overs: u64,
    /// Calls in its scope that failed for their callers, touched or not.
    pub failed_calls: u64,
    /// Milliseconds of delay that were added, in all.
    pub added_ms: u64,
}
