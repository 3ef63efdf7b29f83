//! Prices of models, and what calls have cost.
//!
//! Always true: prices are US dollars for a million tokens; a call whose model has no known price has no cost, and such calls are counted.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

/// Costs are asked for at most so many days at a time.
const MAX_DAYS: i64 = 400;

text_enum! {
    /// Where a price comes from.
    PriceSource {
        /// The list that comes along.
        List = "list",
        /// Somebody entered it; it stands above the list.
        Entered = "entered",
    }
}

text_enum! {
    /// What costs are grouped by.
    CostBy {
        /// The calling service.
        Service = "service",
        /// The team of the API key.
        Team = "team",
        /// The API key.
        Key = "key",
        Route = "route",
        Provider = "provider",
        Model = "model",
    }
}

/// Enter a price for a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutPrice {
    /// A provider's name, or its kind.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label64))]
    pub provider: String,
    /// The provider's name for the model.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Label256))]
    pub model: String,
    /// For a million tokens read.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000))]
    pub input_usd: f64,
    /// For a million tokens written.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000))]
    pub output_usd: f64,
    /// For a million tokens read from the provider's cache; as `input_usd` when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000))]
    pub cached_input_usd: Option<f64>,
    /// For a million tokens written to the provider's cache; as `input_usd` when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1_000_000))]
    pub cache_write_usd: Option<f64>,
    /// How many tokens the model can read.
    #[serde(default, deserialize_with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000_000))]
    pub context_tokens: Option<u64>,
    /// How many tokens it can write.
    #[serde(default, deserialize_with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(maximum = 1_000_000_000))]
    pub max_output_tokens: Option<u64>,
}

/// The price of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Price {
    pub provider: String,
    pub model: String,
    pub input_usd: f64,
    pub output_usd: f64,
    pub cached_input_usd: Option<f64>,
    pub cache_write_usd: Option<f64>,
    pub context_tokens: Option<u64>,
    pub max_output_tokens: Option<u64>,
    pub source: PriceSource,
    /// When it was entered; of the list's prices the list itself says it.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A page of prices, by provider and model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceList {
    /// The day the list was taken.
    pub as_of: String,
    /// Where it was taken from.
    pub list_source: String,
    pub items: Vec<Price>,
    pub next_cursor: Option<String>,
}

/// Which prices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct PriceFilter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// A part of the model's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Which entered price is removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct PriceName {
    #[cfg_attr(feature = "openapi", param(value_type = crate::shape::Label64))]
    pub provider: String,
    #[cfg_attr(feature = "openapi", param(value_type = crate::shape::Label256))]
    pub model: String,
}

/// Which costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct CostFilter {
    /// From the hour that this is in; a day before `to` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Until now when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// `model` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<CostBy>,
}

/// Calls and what they cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spending {
    pub calls: u64,
    /// Of them, those that did not succeed.
    pub failed_calls: u64,
    /// Answered calls of models without a known price; they are in no cost.
    pub unpriced_calls: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cost_usd: f64,
    pub cost_per_call_usd: f64,
}

/// Costs of one service, team, key, route, provider or model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostGroup {
    /// Its name or id; empty where calls have none.
    pub name: String,
    #[serde(flatten)]
    pub spending: Spending,
}

/// Costs of one hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostHour {
    /// When it began.
    pub start: DateTime<Utc>,
    #[serde(flatten)]
    pub spending: Spending,
}

/// What will have been spent if calls go on as they did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostProjection {
    /// Mean of the last 24 hours, or of the time since the first call in them.
    pub per_hour_usd: f64,
    /// By the end of this day (UTC).
    pub day_usd: f64,
    /// By the end of this month (UTC).
    pub month_usd: f64,
}

/// What calls have cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CostReport {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub by: CostBy,
    pub total: Spending,
    /// The dearest first, at most 500.
    pub groups: Vec<CostGroup>,
    /// Hours with calls, in order.
    pub hours: Vec<CostHour>,
    pub projection: CostProjection,
}

impl PutPrice {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("provider", &self.provider, 64);
        checks.text("model", &self.model, 256);
        let amounts = [
            ("input_usd", Some(self.input_usd)),
            ("output_usd", Some(self.output_usd)),
            ("cached_input_usd", self.cached_input_usd),
            ("cache_write_usd", self.cache_write_usd),
        ];
        for (field, amount) in amounts {
            let is_amount = amount.is_none_or(|amount| (0.0..=1_000_000.0).contains(&amount));
            checks.check(is_amount, field, "must be between 0 and 1000000 dollars");
        }
        for (field, n) in [("context_tokens", self.context_tokens), ("max_output_tokens", self.max_output_tokens)] {
            checks.check(n.is_none_or(|n| n <= 1_000_000_000), field, "must be at most 1000000000");
        }
        checks.finish()
    }
}

impl PriceName {
    /// # Errors
    /// When a text cannot be one of a price.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("provider", &self.provider, 64);
        checks.text("model", &self.model, 256);
        checks.finish()
    }
}

impl CostFilter {
    /// The time that is meant.
    ///
    /// # Errors
    /// When it ends before it begins or is too long.
    pub fn range(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), ApiError> {
        let to = self.to.unwrap_or(now);
        let from = self.from.or_else(|| to.checked_sub_signed(chrono::TimeDelta::hours(24))).unwrap_or(to);
        let mut checks = Checks::new();
        checks.check(from <= to, "from", "must not be after `to`");
        checks.check(
            to - from <= chrono::TimeDelta::days(MAX_DAYS),
            "from",
            format!("must be at most {MAX_DAYS} days before `to`"),
        );
        checks.finish()?;
        Ok((from, to))
    }
}
