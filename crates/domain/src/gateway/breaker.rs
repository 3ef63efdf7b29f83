//! Breakers: the switch in front of one provider and model.
//!
//! Always true: an open breaker says when it is tried next, unless a person opened it.

use serde::{Deserialize, Serialize};

use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// How a breaker stands.
    BreakerState {
        /// Calls go through and are counted.
        Closed = "closed",
        /// A few calls are let through to see.
        HalfOpen = "half_open",
        /// Calls are passed over until the next probe.
        Open = "open",
        /// A person or a policy opened it; it stays so until it is reset.
        ForcedOpen = "forced_open",
    }
}

/// One breaker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Breaker {
    /// `provider/model`, as it stands in addresses (percent-encoded there).
    pub id: String,
    pub provider: String,
    pub model: String,
    pub state: BreakerState,
    pub changed_at: Option<DateTime<Utc>>,
    pub next_probe_at: Option<DateTime<Utc>>,
    /// The provider asked to be left alone until then.
    pub cooling_until: Option<DateTime<Utc>>,
    /// In the window.
    pub calls: u64,
    pub failures: u64,
    pub slow: u64,
    pub consecutive_failures: u32,
    /// Calls passed over because it was open, since the start.
    pub refused: u64,
    /// Newest last.
    pub history: Vec<BreakerChange>,
}

/// A change of a breaker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakerChange {
    pub at: DateTime<Utc>,
    pub from: BreakerState,
    pub to: BreakerState,
    /// Why, in words.
    pub cause: String,
}

/// All breakers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BreakerList {
    pub items: Vec<Breaker>,
}

/// Why a breaker is opened by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenBreaker {
    #[serde(default)]
    pub reason: Option<String>,
}
