//! The catalogue: services, what they depend on, what is promised of them, and how they are right now.
//!
//! Always true: a service has one name, unique in the catalogue; dependencies point from caller to callee by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::{ServiceId, TeamId};
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// How a service is, worst last.
    HealthStatus {
        /// Nothing has been heard of it, or not lately.
        Unknown = "unknown",
        Healthy = "healthy",
        Degraded = "degraded",
        Unhealthy = "unhealthy",
    }
}

text_enum! {
    /// Which side of the threshold is good.
    Comparison { Below = "below", Above = "above" }
}

/// A promise about one metric: "`latency_p99` below 500 for 99.9 % of the time".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// A signal or metric name, for example `latency_p99`.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label256))]
    pub metric: String,
    pub comparison: Comparison,
    /// In the metric's own unit.
    pub threshold: f64,
    /// Share of the time it must hold, in percent (0 to 100).
    #[cfg_attr(feature = "openapi", schema(exclusive_minimum = 0, maximum = 100))]
    pub target_percent: f64,
}

/// A thing we watch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Service {
    pub id: ServiceId,
    pub name: String,
    pub description: String,
    pub team_id: Option<TeamId>,
    pub labels: BTreeMap<String, String>,
    /// Names of the services it calls.
    pub dependencies: Vec<String>,
    pub objectives: Vec<Objective>,
    /// Its data is made up by the demo fleet.
    pub is_simulated: bool,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Put a service into the catalogue before it is heard of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateService {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Name))]
    pub name: String,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Text1000))]
    pub description: String,
    #[serde(default)]
    pub team_id: Option<TeamId>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::ServiceLabels))]
    pub labels: BTreeMap<String, String>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::shape::Name>, max_items = 128))]
    pub dependencies: Vec<String>,
    #[serde(default, deserialize_with = "crate::object::list")]
    #[cfg_attr(feature = "openapi", schema(max_items = 32))]
    pub objectives: Vec<Objective>,
}

/// Change a service; what is absent stays, lists are replaced whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateService {
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Text1000>))]
    pub description: Option<String>,
    #[serde(default)]
    pub team_id: Option<TeamId>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::ServiceLabels>))]
    pub labels: Option<BTreeMap<String, String>>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<crate::shape::Name>>, max_items = 128))]
    pub dependencies: Option<Vec<String>>,
    #[serde(default, deserialize_with = "crate::object::optional_list")]
    #[cfg_attr(feature = "openapi", schema(max_items = 32))]
    pub objectives: Option<Vec<Objective>>,
}

/// How a service is right now, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceHealth {
    pub service: String,
    pub status: HealthStatus,
    /// Why it is not healthy, in words; empty when it is.
    pub reason: String,
    /// Percent of one core.
    pub cpu: Option<f64>,
    /// Bytes resident.
    pub memory: Option<f64>,
    /// Requests a second.
    pub request_rate: Option<f64>,
    /// Share of requests that failed, 0 to 1.
    pub error_rate: Option<f64>,
    /// Milliseconds.
    pub latency_p50: Option<f64>,
    /// Milliseconds.
    pub latency_p95: Option<f64>,
    /// Milliseconds.
    pub latency_p99: Option<f64>,
    pub open_anomalies: u32,
    pub is_simulated: bool,
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Recent values of the headline signal (p99 latency, else CPU), oldest first, for a sparkline.
    pub sparkline: Vec<f64>,
}

fn check_parts(
    checks: &mut Checks,
    labels: &BTreeMap<String, String>,
    dependencies: &[String],
    objectives: &[Objective],
    own_name: Option<&str>,
) {
    checks.check(labels.len() <= 32, "labels", "must have at most 32 entries");
    for (name, value) in labels {
        checks.text(&format!("labels.{name}"), name, 128);
        checks.optional_text(&format!("labels.{name}"), value, 512);
    }
    checks.check(dependencies.len() <= 128, "dependencies", "must have at most 128 entries");
    for (i, dependency) in dependencies.iter().enumerate() {
        let field = format!("dependencies[{i}]");
        checks.name(&field, dependency);
        checks.check(own_name != Some(dependency), &field, "a service cannot depend on itself");
    }
    checks.check(objectives.len() <= 32, "objectives", "must have at most 32 entries");
    for (i, objective) in objectives.iter().enumerate() {
        checks.text(&format!("objectives[{i}].metric"), &objective.metric, 256);
        checks.check(objective.threshold.is_finite(), &format!("objectives[{i}].threshold"), "must be a finite number");
        let is_share = objective.target_percent > 0.0 && objective.target_percent <= 100.0;
        checks.check(is_share, &format!("objectives[{i}].target_percent"), "must be over 0 and at most 100");
    }
}

impl CreateService {
    /// # Errors
    /// When a name, label, dependency or objective is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.name("name", &self.name);
        checks.optional_text("description", &self.description, 1_000);
        check_parts(&mut checks, &self.labels, &self.dependencies, &self.objectives, Some(&self.name));
        checks.finish()
    }
}

impl UpdateService {
    /// # Errors
    /// When a label, dependency or objective is not acceptable. `own_name` is the service's name.
    pub fn validate(&self, own_name: &str) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.optional_text("description", self.description.as_deref().unwrap_or_default(), 1_000);
        check_parts(
            &mut checks,
            self.labels.as_ref().unwrap_or(&BTreeMap::new()),
            self.dependencies.as_deref().unwrap_or_default(),
            self.objectives.as_deref().unwrap_or_default(),
            Some(own_name),
        );
        checks.finish()
    }
}
