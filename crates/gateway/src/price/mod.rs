//! What tokens cost.
//!
//! Always true: amounts are whole numbers of nano-dollars (a thousand-millionth of a US dollar), so that sums are exact; a model
//! whose price is not known has no cost rather than none.

mod table;

use serde::{Deserialize, Serialize};

pub(crate) use table::Prices;
pub use table::{PriceTable, builtin};

use crate::record::Usage;

/// A thousand-millionth of a US dollar.
pub type NanoUsd = u64;

/// So many nano-dollars are a dollar.
pub const NANO_PER_USD: u64 = 1_000_000_000;

/// The prices of one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Nano-dollars for a million tokens read.
    pub input: NanoUsd,
    /// Nano-dollars for a million tokens written.
    pub output: NanoUsd,
    /// Nano-dollars for a million tokens read from the provider's cache; as `input` when it is not said.
    pub cached_input: Option<NanoUsd>,
    /// Nano-dollars for a million tokens written to the provider's cache; as `input` when it is not said.
    pub cache_write: Option<NanoUsd>,
    /// How many tokens it can read.
    pub context_tokens: Option<u64>,
    /// How many tokens it can write.
    pub max_output_tokens: Option<u64>,
}

impl Price {
    /// Costs nothing, and nothing is known of its sizes.
    pub const FREE: Self = Self {
        input: 0,
        output: 0,
        cached_input: None,
        cache_write: None,
        context_tokens: None,
        max_output_tokens: None,
    };

    /// What the tokens cost, rounded half up to a nano-dollar.
    #[must_use]
    pub fn cost(&self, usage: &Usage) -> NanoUsd {
        let plain = usage.input.saturating_sub(usage.cached_input + usage.cache_write);
        let parts = [
            (plain, self.input),
            (usage.cached_input, self.cached_input.unwrap_or(self.input)),
            (usage.cache_write, self.cache_write.unwrap_or(self.input)),
            (usage.output, self.output),
        ];
        let total: u128 = parts.iter().map(|(tokens, price)| u128::from(*tokens) * u128::from(*price)).sum();
        u64::try_from((total + 500_000) / 1_000_000).unwrap_or(u64::MAX)
    }
}

/// A price as people enter it, in US dollars per million tokens.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PriceEntry {
    /// The provider's name, or its kind.
    pub provider: String,
    /// The provider's name for the model.
    pub model: String,
    /// For a million tokens read.
    pub input_usd: f64,
    /// For a million tokens written.
    pub output_usd: f64,
    /// For a million tokens read from the provider's cache.
    #[serde(default)]
    pub cached_input_usd: Option<f64>,
    /// For a million tokens written to the provider's cache.
    #[serde(default)]
    pub cache_write_usd: Option<f64>,
    /// How many tokens it can read.
    #[serde(default)]
    pub context_tokens: Option<u64>,
    /// How many tokens it can write.
    #[serde(default)]
    pub max_output_tokens: Option<u64>,
}

impl PriceEntry {
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let amounts = [
            ("input_usd", Some(self.input_usd)),
            ("output_usd", Some(self.output_usd)),
            ("cached_input_usd", self.cached_input_usd),
            ("cache_write_usd", self.cache_write_usd),
        ];
        let is_bad = |amount: f64| !(0.0..=1_000_000.0).contains(&amount);
        let bad = amounts.into_iter().filter(|(_, amount)| amount.is_some_and(is_bad));
        let mut problems: Vec<_> =
            bad.map(|(name, _)| (name.to_owned(), "must be between 0 and 1000000 dollars".to_owned())).collect();
        for (name, text) in [("provider", &self.provider), ("model", &self.model)] {
            if text.is_empty() {
                problems.push((name.to_owned(), "must not be empty".to_owned()));
            }
        }
        problems
    }

    pub(crate) fn price(&self) -> Price {
        Price {
            input: nano(self.input_usd),
            output: nano(self.output_usd),
            cached_input: self.cached_input_usd.map(nano),
            cache_write: self.cache_write_usd.map(nano),
            context_tokens: self.context_tokens,
            max_output_tokens: self.max_output_tokens,
        }
    }
}

/// Dollars as nano-dollars.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of floats saturates, which is what is wanted"
)]
pub fn nano(usd: f64) -> NanoUsd {
    (usd * 1e9).round() as u64
}

/// Nano-dollars as dollars, to be shown.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "shown, not counted with")]
pub fn usd(nano: NanoUsd) -> f64 {
    nano as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_exact() {
        let price = Price {
            input: nano(3.0),
            output: nano(15.0),
            cached_input: Some(nano(0.3)),
            cache_write: Some(nano(3.75)),
            ..Price::FREE
        };
        let usage = Usage { input: 1_000, output: 100, cached_input: 400, cache_write: 200, ..Usage::default() };
        // 400 × 3 + 400 × 0.3 + 200 × 3.75 + 100 × 15 micro-dollars
        assert_eq!(price.cost(&usage), 3_570_000);
        let tiny = Price { input: nano(0.02), ..Price::FREE };
        assert_eq!(tiny.cost(&Usage { input: 1, ..Usage::default() }), 20);
    }

    #[test]
    fn huge_counts_do_not_overflow() {
        let price = Price { input: u64::MAX, ..Price::FREE };
        assert_eq!(price.cost(&Usage { input: u64::MAX, ..Usage::default() }), u64::MAX);
    }
}
