//! The forms of budgets, rate limits and prices.

use domain::error::ApiError;
use domain::gateway::{PutBudget, PutPrice, PutRateLimit, SpendScope};
use serde::{Deserialize, Serialize};

use super::text::{optional, required};

/// Whom a limit concerns, and how it is called.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScopeForm {
    pub service: String,
    pub team: String,
    pub key: String,
    pub route: String,
    pub provider: String,
    pub model: String,
}

/// What the form of a budget sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BudgetForm {
    pub name: String,
    pub limit_usd: String,
    pub window: String,
    pub scope: ScopeForm,
}

/// What the form of a rate limit sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateLimitForm {
    pub name: String,
    pub requests_per_minute: String,
    pub tokens_per_minute: String,
    pub scope: ScopeForm,
}

/// What the form of a price sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceForm {
    pub provider: String,
    pub model: String,
    pub input_usd: String,
    pub output_usd: String,
}

impl ScopeForm {
    fn into_scope(self) -> Result<SpendScope, ApiError> {
        let word = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(SpendScope {
            service: word(self.service),
            team: optional("scope.team", &self.team, "must be the id of a team")?,
            key: optional("scope.key", &self.key, "must be the id of an API key")?,
            route: word(self.route),
            provider: word(self.provider),
            model: word(self.model),
        })
    }
}

impl BudgetForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<PutBudget, ApiError> {
        let unknown = |e: domain::words::UnknownWord| ApiError::field("window", e.to_string());
        Ok(PutBudget {
            name: self.name.trim().to_owned(),
            scope: self.scope.into_scope()?,
            limit_usd: required("limit_usd", &self.limit_usd, "must be an amount in dollars")?,
            window: self.window.parse().map_err(unknown)?,
        })
    }
}

impl RateLimitForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<PutRateLimit, ApiError> {
        let number = |field: &str, text: &str| optional(field, text, "must be a whole number");
        Ok(PutRateLimit {
            name: self.name.trim().to_owned(),
            scope: self.scope.into_scope()?,
            requests_per_minute: number("requests_per_minute", &self.requests_per_minute)?,
            tokens_per_minute: number("tokens_per_minute", &self.tokens_per_minute)?,
        })
    }
}

impl PriceForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<PutPrice, ApiError> {
        let dollars = |field: &str, text: &str| required(field, text, "must be dollars for a million tokens");
        Ok(PutPrice {
            provider: self.provider.trim().to_owned(),
            model: self.model.trim().to_owned(),
            input_usd: dollars("input_usd", &self.input_usd)?,
            output_usd: dollars("output_usd", &self.output_usd)?,
            cached_input_usd: None,
            cache_write_usd: None,
            context_tokens: None,
            max_output_tokens: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_amount_is_named() {
        let form =
            BudgetForm { name: "all".into(), limit_usd: "lots".into(), window: "day".into(), ..BudgetForm::default() };
        assert_eq!(form.clone().into_input().unwrap_err().fields[0].field, "limit_usd");
        let input = BudgetForm { limit_usd: "12.5".into(), ..form }.into_input().unwrap();
        assert_eq!((input.limit_usd, input.scope), (12.5, SpendScope::default()));
    }
}
