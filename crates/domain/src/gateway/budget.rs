//! Budgets and rate limits: what callers may spend.
//!
//! Always true: money is in US dollars; windows are those of UTC.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::{BudgetId, KeyId, RateLimitId, TeamId};
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// How long a budget lasts until it begins anew.
    BudgetWindow {
        /// From one full hour to the next.
        Hour = "hour",
        /// From midnight to midnight.
        Day = "day",
        /// From the first of a month to the first of the next.
        Month = "month",
        /// For good.
        Total = "total",
    }
}

/// Whom a budget or a rate limit concerns: everything that is said must hold; nothing said concerns everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SpendScope {
    /// The calling service.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The team of the API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// The provider that is asked. One that may spend no more is passed over, and the route's next target is tried.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The provider's name for the model that is asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Label256>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl SpendScope {
    fn check(&self, checks: &mut Checks) {
        let texts = [
            ("scope.service", &self.service),
            ("scope.route", &self.route),
            ("scope.provider", &self.provider),
            ("scope.model", &self.model),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                checks.text(field, text, 256);
            }
        }
    }
}

/// Add or replace a budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutBudget {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub name: String,
    #[serde(default, deserialize_with = "crate::object::one")]
    pub scope: SpendScope,
    /// In each window.
    #[cfg_attr(feature = "openapi", schema(exclusive_minimum = 0, maximum = 1_000_000_000))]
    pub limit_usd: f64,
    pub window: BudgetWindow,
}

/// A budget as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Budget {
    pub id: BudgetId,
    pub name: String,
    pub scope: SpendScope,
    pub limit_usd: f64,
    pub window: BudgetWindow,
    /// What finished calls have cost in this window.
    pub spent_usd: f64,
    /// What running calls may cost at most.
    pub reserved_usd: f64,
    /// What may still be spent.
    pub remaining_usd: f64,
    /// Absent for a total.
    pub window_started_at: Option<DateTime<Utc>>,
    /// When the next window begins; absent for a total.
    pub renews_at: Option<DateTime<Utc>>,
    /// What will have been spent at the end of the window, at the pace since its beginning; absent for a total.
    pub projected_usd: Option<f64>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Add or replace a rate limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutRateLimit {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label128))]
    pub name: String,
    #[serde(default, deserialize_with = "crate::object::one")]
    pub scope: SpendScope,
    /// Needed unless `tokens_per_minute` is given.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000_000))]
    pub requests_per_minute: Option<u32>,
    /// Tokens that are read and written.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000_000))]
    pub tokens_per_minute: Option<u32>,
}

/// A rate limit: a bucket that fills evenly and holds one minute's worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GatewayRateLimit {
    pub id: RateLimitId,
    pub name: String,
    pub scope: SpendScope,
    pub requests_per_minute: Option<u32>,
    pub tokens_per_minute: Option<u32>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl PutBudget {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("name", &self.name, 128);
        self.scope.check(&mut checks);
        let is_amount = self.limit_usd > 0.0 && self.limit_usd <= 1e9;
        checks.check(is_amount, "limit_usd", "must be above 0 and at most 1000000000 dollars");
        checks.finish()
    }
}

impl PutRateLimit {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("name", &self.name, 128);
        self.scope.check(&mut checks);
        let is_said = self.requests_per_minute.is_some() || self.tokens_per_minute.is_some();
        checks.check(is_said, "requests_per_minute", "give it, or tokens_per_minute, or both");
        for (field, rate) in
            [("requests_per_minute", self.requests_per_minute), ("tokens_per_minute", self.tokens_per_minute)]
        {
            let is_rate = rate.is_none_or(|rate| (1..=1_000_000_000).contains(&rate));
            checks.check(is_rate, field, "must be between 1 and 1000000000");
        }
        checks.finish()
    }
}
