//! What is known of a call when it is over: everything that accounting, history and detection need.
//!
//! Always true: every call that came to a door leaves exactly one record, also when its caller hangs up.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::breaker::BreakerChange;
use crate::chaos::ExperimentView;
use crate::failure::Class;
use crate::guard::Found;
use crate::price::NanoUsd;
use crate::request::{Caller, Door};

/// Tokens of a call or an attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Usage {
    /// Read, cached ones included.
    pub input: u64,
    /// Written, reasoning included.
    pub output: u64,
    /// Of `input`: read from the provider's cache.
    pub cached_input: u64,
    /// Of `input`: written to the provider's cache.
    pub cache_write: u64,
    /// Of `output`: not shown.
    pub reasoning: u64,
    /// Counted here, because the provider did not say.
    pub is_estimated: bool,
}

/// How a call ended, as its caller saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A whole answer.
    Succeeded,
    /// An error status instead of an answer.
    Failed,
    /// A stream that ended with an error event.
    Incomplete,
    /// The caller went away first.
    HungUp,
    /// Not sent to any provider: bad request, unknown model, over a limit, unsafe.
    Refused,
}

/// How one attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "of")]
pub enum AttemptOutcome {
    /// It gave the answer.
    Answered,
    /// It failed.
    Failed(Class),
    /// It was given up because the caller went away.
    Abandoned,
    /// It was not made.
    Skipped(Skipped),
}

/// Why a target was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// Its breaker is open.
    BreakerOpen,
    /// It asked to be left alone for a while.
    CoolingDown,
    /// Its provider has no key.
    NoKey,
    /// Its provider is switched off.
    Disabled,
    /// Its provider has no such endpoint.
    Unsupported,
    /// It cannot read more than the model for which the prompt was too long.
    NotLarger,
    /// A budget of its provider or model has not enough left.
    OverBudget,
    /// A rate of its provider or model is used up.
    OverRate,
}

impl Skipped {
    /// The reason, to be read after the target's name.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::BreakerOpen => "has an open breaker",
            Self::CoolingDown => "asked to be left alone for a while",
            Self::NoKey => "has no API key",
            Self::Disabled => "is switched off",
            Self::Unsupported => "has no such endpoint",
            Self::NotLarger => "cannot read a longer prompt",
            Self::OverBudget => "has not enough budget left",
            Self::OverRate => "is over its rate limit",
        }
    }
}

/// One try at one target.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Attempt {
    /// The provider's name.
    pub provider: Arc<str>,
    /// The provider's name for the model.
    pub model: Arc<str>,
    /// From the start of the call, in microseconds.
    pub started_us: u64,
    /// How long it took, in microseconds.
    pub duration_us: u64,
    /// From the start of the attempt to the first token, or to a whole unstreamed answer, in microseconds.
    pub first_token_us: Option<u64>,
    /// The provider's status, if it answered.
    pub status: Option<u16>,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// What the provider said or what was seen, when it failed.
    pub message: Option<String>,
    /// How long the provider asked to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// The chaos experiments that touched it.
    #[serde(default)]
    pub experiments: Vec<String>,
}

/// What a call said and was told; kept only where the route says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bodies {
    /// The request's body.
    pub request: Bytes,
    /// The answer's body, as it was sent.
    pub answer: Bytes,
}

/// A call that is over.
#[derive(Clone, Debug)]
pub struct Record {
    /// [`crate::Request::id`].
    pub id: String,
    /// When it came in, in Unix milliseconds.
    pub started_ms: i64,
    /// Which API was spoken.
    pub door: Door,
    /// Who called.
    pub caller: Caller,
    /// What the caller named as the model.
    pub requested_model: String,
    /// The route that answered to it.
    pub route: Option<Arc<str>>,
    /// Whether a stream was asked for.
    pub is_stream: bool,
    /// The status that the caller got. 499 when it went away before one was sent.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// The error's code and message, when it did not succeed.
    pub error: Option<(String, String)>,
    /// The provider that answered.
    pub provider: Option<Arc<str>>,
    /// Its model, as it was asked for.
    pub model: Option<Arc<str>>,
    /// Why the answer ended, in the provider's word.
    pub finish: Option<String>,
    /// All tries, in order, skipped targets included.
    pub attempts: Vec<Attempt>,
    /// Tokens of the answer. Failed attempts are not in it.
    pub usage: Usage,
    /// What that costs, in nano-dollars; nothing when the model's price is not known.
    pub cost_nano: Option<NanoUsd>,
    /// From the start of the call to the first token that went out, in microseconds.
    pub first_token_us: Option<u64>,
    /// The whole call, in microseconds.
    pub total_us: u64,
    /// Of it, spent in the gateway before the first attempt and after the provider's answer, in microseconds.
    pub overhead_us: u64,
    /// Length of the request's body.
    pub request_bytes: u64,
    /// Length of the body that was sent.
    pub answer_bytes: u64,
    /// Whether the simulation answered.
    pub is_simulated: bool,
    /// Whether the answer had been given before.
    pub is_cached: bool,
    /// What was said, if it is kept.
    pub bodies: Option<Bodies>,
    /// What was found in the prompt and in the answer, each with the strongest first; of nothing when the route does not judge.
    pub safety: Vec<Found>,
}

impl Record {
    /// How many attempts were made; skipped targets are none.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.attempts.iter().filter(|attempt| !matches!(attempt.outcome, AttemptOutcome::Skipped(_))).count()
    }
}

/// Takes what happens. Called from within calls, so it must not block: put what comes on a bounded queue.
pub trait Recorder: Send + Sync + fmt::Debug {
    /// A call is over. Called exactly once a call.
    fn record(&self, record: Box<Record>);

    /// A breaker changed its state.
    fn breaker_changed(&self, _change: &BreakerChange) {}

    /// A chaos experiment is over.
    fn experiment_ended(&self, _experiment: &ExperimentView) {}
}
