//! Chaos: faults that are injected on purpose into a chosen part of the traffic.
//!
//! Always true: an experiment has an end from the beginning; what it says of callers is counted, not estimated.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::{ExperimentId, KeyId};
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

/// An experiment lasts no longer than this, in seconds.
const MAX_DURATION: u64 = 86_400;

text_enum! {
    /// What is done to calls.
    FaultKind {
        /// Each call waits before it is sent.
        Latency = "latency",
        /// A share of the calls is answered with status 500.
        Failure = "failure",
        /// A share of the calls is never answered.
        Timeout = "timeout",
        /// All calls fail for a share of each ten seconds.
        Intermittent = "intermittent",
        /// No call gets a connection.
        Unavailability = "unavailability",
        /// A share of the answers is damaged on its way.
        Corruption = "corruption",
    }
}

text_enum! {
    /// Why an experiment is over.
    ExperimentEnd {
        /// Its time was over.
        Elapsed = "elapsed",
        /// Somebody stopped it.
        Stopped = "stopped",
        /// Too many calls in its scope failed.
        Aborted = "aborted",
    }
}

/// Which calls are touched; everything that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ExperimentScope {
    /// Attempts at this provider.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Attempts at this model.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Calls of this service.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Calls with this API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// Calls to this route.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// This share of those calls, 0 to 1; a call is in it or not with all its attempts.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<f64>,
}

/// Start an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InjectChaos {
    /// A provider, a route or a calling service by its name, whichever has it first; `*` is everybody. Needed unless `scope` says something.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    pub service: Option<String>,
    #[serde(rename = "type")]
    pub kind: FaultKind,
    /// Seconds (0 to 10) for `latency`, for all others a share from 0 to 1, or per cent up to 100; 1 when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 100))]
    pub intensity: Option<f64>,
    /// Seconds until it ends by itself.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 86_400))]
    pub duration: u64,
    #[serde(default, deserialize_with = "crate::object::one")]
    pub scope: ExperimentScope,
    /// It ends early when more than this share of the calls in its scope fail for their callers (0 to 1; of at least 20 calls).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1))]
    pub abort_above: Option<f64>,
}

/// Stop one experiment, or all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StopChaos {
    /// Absent: all of them.
    #[serde(default)]
    pub id: Option<ExperimentId>,
}

/// What callers have seen of an experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExperimentReport {
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
    /// Milliseconds of delay that were injected, in all.
    pub added_ms: u64,
}

/// An experiment as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Experiment {
    pub id: ExperimentId,
    #[serde(rename = "type")]
    pub kind: FaultKind,
    /// Seconds for `latency`, a share from 0 to 1 for all others.
    pub intensity: f64,
    pub scope: ExperimentScope,
    pub abort_above: Option<f64>,
    pub started_by: String,
    pub started_at: DateTime<Utc>,
    /// By then it ends by itself, also when the process was away meanwhile.
    pub ends_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// Absent while it runs.
    pub end: Option<ExperimentEnd>,
    pub report: ExperimentReport,
}

/// Experiments that were stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoppedChaos {
    /// None when nothing ran.
    pub stopped: Vec<Experiment>,
}

impl InjectChaos {
    /// What can be checked without knowing providers, routes and services.
    ///
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        let scope = &self.scope;
        let texts = [
            ("service", &self.service),
            ("scope.provider", &scope.provider),
            ("scope.model", &scope.model),
            ("scope.service", &scope.service),
            ("scope.route", &scope.route),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                checks.text(field, text, 256);
            }
        }
        let is_said = self.service.is_some() || *scope != ExperimentScope::default();
        checks.check(is_said, "service", "name a provider, a route or a service, or say `*` for everybody");
        let most = if self.kind == FaultKind::Latency { 10.0 } else { 100.0 };
        let words = if self.kind == FaultKind::Latency {
            "must be 0 to 10 seconds"
        } else {
            "must be a share from 0 to 1, or per cent up to 100"
        };
        checks.check(self.intensity.is_none_or(|n| (0.0..=most).contains(&n)), "intensity", words);
        checks.check((1..=MAX_DURATION).contains(&self.duration), "duration", "must be 1 to 86400 seconds");
        for (field, share) in [("scope.traffic", scope.traffic), ("abort_above", self.abort_above)] {
            checks.check(share.is_none_or(|share| (0.0..=1.0).contains(&share)), field, "must be between 0 and 1");
        }
        checks.finish()
    }
}
