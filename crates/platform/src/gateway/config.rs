//! Settings of the gateway.
//!
//! Always true: keys from the environment are held here and nowhere else; they are neither stored nor printed.

use std::collections::BTreeMap;

pub use ::gateway::settings::BreakerSettings;
use ::gateway::settings::Settings;
use domain::validate::Checks;
use serde::Deserialize;

/// `[gateway]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// Bytes a call's body may have.
    pub max_body_bytes: usize,
    /// Days that calls stay in the history.
    pub request_days: u32,
    /// When breakers open and close, from a section of its own.
    #[serde(skip)]
    pub breakers: BreakerSettings,
    /// Keys of providers from the environment, by [`key_name`].
    #[serde(skip)]
    pub keys: BTreeMap<String, String>,
}

impl std::fmt::Debug for GatewayConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayConfig")
            .field("max_body_bytes", &self.max_body_bytes)
            .field("request_days", &self.request_days)
            .field("breakers", &self.breakers)
            .finish_non_exhaustive()
    }
}

impl GatewayConfig {
    pub(crate) fn check(&self, checks: &mut Checks) {
        let is_size = (1_024..=1 << 30).contains(&self.max_body_bytes);
        checks.check(is_size, "gateway.max_body_bytes", "must be between 1024 and 1073741824");
        let is_days = (1..=36_500).contains(&self.request_days);
        checks.check(is_days, "gateway.request_days", "must be between 1 and 36500 days");
        let settings = Settings { breakers: self.breakers, ..Settings::default() };
        for problem in settings.problems() {
            checks.check(false, &problem.field, problem.message);
        }
    }
}

/// What a provider is called in the environment: capitals, and `_` for what a variable cannot have.
#[must_use]
pub fn key_name(provider: &str) -> String {
    provider.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}
