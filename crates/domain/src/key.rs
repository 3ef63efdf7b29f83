//! API keys of programs.
//!
//! Always true: the value (`rp_…`) is in exactly one answer, that of its making or rotation.

use serde::{Deserialize, Serialize};

use crate::access::Scope;
use crate::error::ApiError;
use crate::ids::{KeyId, TeamId};
use crate::validate::Checks;
use crate::{DateTime, Utc};

/// Requests a minute when a key does not say otherwise.
pub const DEFAULT_RATE_LIMIT: u32 = 6_000;
/// The most requests a minute a key can be given.
pub const MAX_RATE_LIMIT: u32 = 10_000_000;

/// A key, without its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    pub id: KeyId,
    pub name: String,
    /// The first characters of the value, to tell keys apart.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    pub team_id: Option<TeamId>,
    /// Requests a minute.
    pub rate_limit: u32,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A key with its value, shown once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedKey {
    #[serde(flatten)]
    pub info: ApiKey,
    /// The value. It is stored hashed and cannot be shown again.
    pub key: String,
}

/// Make a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub name: String,
    #[cfg_attr(feature = "openapi", schema(min_items = 1))]
    pub scopes: Vec<Scope>,
    #[serde(default)]
    pub team_id: Option<TeamId>,
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Requests a minute.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 10_000_000))]
    pub rate_limit: Option<u32>,
}

/// What a valid key may do and how much of its rate is left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyValidity {
    pub valid: bool,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub rate_limit: RateLimit,
}

/// The state of a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RateLimit {
    /// Requests a minute.
    pub limit: u32,
    /// Requests that would be let through right now.
    pub remaining: u32,
    /// When the full limit is available again.
    pub reset_at: DateTime<Utc>,
}

impl CreateKey {
    /// # Errors
    /// When the name, scopes or rate limit are not acceptable. Expiry is checked where the clock is.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("name", &self.name, 128);
        checks.check(
            !self.scopes.is_empty(),
            "scopes",
            "must name at least one of read, write, admin, ingest, gateway",
        );
        let is_rate = (1..=MAX_RATE_LIMIT).contains(&self.rate_limit.unwrap_or(DEFAULT_RATE_LIMIT));
        checks.check(is_rate, "rate_limit", format!("must be between 1 and {MAX_RATE_LIMIT} requests a minute"));
        checks.finish()
    }
}
