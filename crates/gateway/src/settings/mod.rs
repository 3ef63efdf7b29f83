//! What an operator can say about the data path, as it is stored and sent.
//!
//! Always true: unknown members are refused, every setting has a default, and a secret is never printed.

mod breaker;
mod limits;
mod provider;
mod route;

pub use breaker::BreakerSettings;
pub use limits::Limits;
pub use provider::{Kind, Provider, Secret};
pub use route::{Condition, Route, SafetyMode, Target};

use serde::{Deserialize, Serialize};

use crate::allowance::{Budget, RateLimit};
use crate::price::PriceEntry;

/// Everything that can be replaced while calls are running. [`crate::Gateway::configure`] makes it effective.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whom calls can be sent to.
    pub providers: Vec<Provider>,
    /// What callers can name as the model.
    pub routes: Vec<Route>,
    /// How breakers judge; one set for all targets.
    pub breakers: BreakerSettings,
    /// Prices that stand above the list that comes along.
    pub prices: Vec<PriceEntry>,
    /// How much money may be spent.
    pub budgets: Vec<Budget>,
    /// How many requests and tokens may be used.
    pub rate_limits: Vec<RateLimit>,
}

/// One thing that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which setting, as a path: `routes[0].targets[1].provider`.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Settings {
    /// Everything that is wrong; empty when the settings can be made effective.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut say = |field: String, message: String| problems.push(Problem { field, message });
        for (i, provider) in self.providers.iter().enumerate() {
            for (field, message) in provider.problems() {
                say(format!("providers[{i}].{field}"), message);
            }
            if self.providers[..i].iter().any(|other| other.name == provider.name) {
                say(format!("providers[{i}].name"), format!("there is another provider called `{}`", provider.name));
            }
        }
        for (i, route) in self.routes.iter().enumerate() {
            for (field, message) in route.problems(&self.providers) {
                say(format!("routes[{i}].{field}"), message);
            }
            if self.routes[..i].iter().any(|other| other.name == route.name) {
                say(format!("routes[{i}].name"), format!("there is another route called `{}`", route.name));
            }
        }
        for (field, message) in self.breakers.problems() {
            say(format!("breakers.{field}"), message);
        }
        for (i, price) in self.prices.iter().enumerate() {
            for (field, message) in price.problems() {
                say(format!("prices[{i}].{field}"), message);
            }
        }
        for (i, budget) in self.budgets.iter().enumerate() {
            for (field, message) in budget.problems() {
                say(format!("budgets[{i}].{field}"), message);
            }
            if self.budgets[..i].iter().any(|other| other.id == budget.id) {
                say(format!("budgets[{i}].id"), format!("there is another budget called `{}`", budget.id));
            }
        }
        for (i, limit) in self.rate_limits.iter().enumerate() {
            for (field, message) in limit.problems() {
                say(format!("rate_limits[{i}].{field}"), message);
            }
            if self.rate_limits[..i].iter().any(|other| other.id == limit.id) {
                say(format!("rate_limits[{i}].id"), format!("there is another rate limit called `{}`", limit.id));
            }
        }
        problems
    }
}
