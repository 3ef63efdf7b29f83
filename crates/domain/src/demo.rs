//! The demo fleet: small real services whose faults a person can switch on and off.
//!
//! Always true: whatever comes from it is marked simulated.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// A fault that a demo service can be given.
    FaultKind {
        /// Every call takes longer.
        Latency = "latency",
        /// A share of calls fails.
        Errors = "errors",
        /// Memory grows until the fault is cleared.
        MemoryLeak = "memory_leak",
        /// Pool connections are taken and not given back.
        ConnectionLeak = "connection_leak",
        /// A core is kept busy.
        Cpu = "cpu",
        /// The model's inputs and confidence shift.
        Drift = "drift",
        /// The process ends.
        Crash = "crash",
    }
}

/// Switch a fault on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InjectFault {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Name))]
    pub service: String,
    pub fault: FaultKind,
    /// 0 to 1; how strong. For latency 1.0 is two seconds, for errors all calls.
    #[serde(default = "default_intensity")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0.01, maximum = 1))]
    pub intensity: f64,
    /// Seconds until it clears by itself, at most an hour.
    #[serde(default = "default_duration")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 3_600))]
    pub duration_secs: u32,
}

/// Switch faults off: one kind, or all of the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClearFault {
    pub service: String,
    #[serde(default)]
    pub fault: Option<FaultKind>,
}

/// A fault that is on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActiveFault {
    pub fault: FaultKind,
    pub intensity: f64,
    pub ends_at: DateTime<Utc>,
}

/// One process of the fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoService {
    pub name: String,
    pub description: String,
    pub url: String,
    pub pid: Option<u32>,
    pub is_running: bool,
    pub restarts: u32,
    pub faults: Vec<ActiveFault>,
    /// The faults it knows.
    pub supported: Vec<FaultKind>,
}

/// The fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoStatus {
    pub is_enabled: bool,
    pub services: Vec<DemoService>,
}

const fn default_intensity() -> f64 {
    0.5
}

const fn default_duration() -> u32 {
    600
}

impl InjectFault {
    /// # Errors
    /// When the intensity or duration is out of range.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.name("service", &self.service);
        checks.check((0.01..=1.0).contains(&self.intensity), "intensity", "must be between 0.01 and 1");
        checks.check((1..=3_600).contains(&self.duration_secs), "duration_secs", "must be between 1 and 3600");
        checks.finish()
    }
}
