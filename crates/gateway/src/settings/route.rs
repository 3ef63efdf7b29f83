//! A route: the name that callers send as the model, and what answers to it.

use serde::{Deserialize, Serialize};

use super::{Limits, Provider};

/// One model of one provider.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// A provider by its name.
    pub provider: String,
    /// The provider's name for the model. Empty: whatever the caller named.
    #[serde(default)]
    pub model: String,
    /// Its share of first attempts among the targets with a weight. Targets without one are tried after those, in their order.
    #[serde(default)]
    pub weight: Option<u32>,
    /// When it is considered at all.
    #[serde(default)]
    pub when: Option<Condition>,
    /// How many tokens it can read, when the price table does not know or is wrong.
    #[serde(default)]
    pub context_tokens: Option<u64>,
}

impl Target {
    /// A target that is always considered.
    #[must_use]
    pub fn new(provider: impl Into<String>, model: impl Into<String>) -> Self {
        Self { provider: provider.into(), model: model.into(), weight: None, when: None, context_tokens: None }
    }
}

/// What a call must be like; everything that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// The service that calls.
    pub service: Option<String>,
    /// The team whose key it is.
    pub team: Option<String>,
    /// Whether a stream is asked for.
    pub stream: Option<bool>,
    /// The body is at least this long, in bytes.
    pub min_bytes: Option<u64>,
    /// The body is at most this long, in bytes.
    pub max_bytes: Option<u64>,
    /// A request header has this value.
    pub header: Option<(String, String)>,
}

/// What is done about unsafe content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SafetyMode {
    /// Nothing is judged.
    Off,
    /// Judged and recorded.
    #[default]
    Monitor,
    /// Judged, recorded and told to the caller in a header.
    Flag,
    /// Judged, recorded and refused.
    Block,
}

/// What callers can name as the model. The name `*` answers to every name that nothing else answers to.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// What callers send as `model`.
    pub name: String,
    /// What answers, in the order in which it is tried.
    pub targets: Vec<Target>,
    /// Further attempts at one target before the next one is tried.
    #[serde(default = "one")]
    pub retries: u32,
    /// How long a call may take.
    #[serde(default)]
    pub limits: Limits,
    /// Hold a stream back until it is whole, so that it can fail over at any point.
    #[serde(default)]
    pub buffered: bool,
    /// What is done about unsafe content.
    #[serde(default)]
    pub safety: SafetyMode,
    /// Let the simulation answer when no target has a key or all have failed. The answer says so.
    #[serde(default)]
    pub fallback_to_simulation: bool,
    /// How long an answer is given again for exactly the same request, in seconds; 0 is never.
    #[serde(default)]
    pub cache_secs: u32,
    /// Keep the bodies of calls in their records.
    #[serde(default)]
    pub keep_bodies: bool,
}

fn one() -> u32 {
    1
}

impl Route {
    /// A route with the defaults.
    #[must_use]
    pub fn new(name: impl Into<String>, targets: Vec<Target>) -> Self {
        Self {
            name: name.into(),
            targets,
            retries: one(),
            limits: Limits::default(),
            buffered: false,
            safety: SafetyMode::default(),
            fallback_to_simulation: false,
            cache_secs: 0,
            keep_bodies: false,
        }
    }

    pub(super) fn problems(&self, providers: &[Provider]) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut say = |field: String, message: &str| problems.push((field, message.to_owned()));
        if self.name.is_empty() || self.name.len() > 128 || self.name.chars().any(char::is_control) {
            say("name".to_owned(), "must be 1 to 128 characters");
        }
        if self.targets.is_empty() && !self.fallback_to_simulation {
            say("targets".to_owned(), "must name at least one target, or allow `fallback_to_simulation`");
        }
        if self.targets.len() > 32 {
            say("targets".to_owned(), "must be at most 32");
        }
        if self.retries > 10 {
            say("retries".to_owned(), "must be at most 10");
        }
        for (i, target) in self.targets.iter().enumerate() {
            if !providers.iter().any(|provider| provider.name == target.provider) {
                say(format!("targets[{i}].provider"), &format!("there is no provider called `{}`", target.provider));
            }
            if target.weight.is_some_and(|weight| weight > 1_000_000) {
                say(format!("targets[{i}].weight"), "must be at most 1000000");
            }
            if let Some((name, _)) = target.when.as_ref().and_then(|when| when.header.as_ref())
                && http::HeaderName::try_from(name).is_err()
            {
                say(format!("targets[{i}].when.header"), "must begin with the name of a header");
            }
        }
        problems
            .extend(self.limits.problems().into_iter().map(|(field, message)| (format!("limits.{field}"), message)));
        problems
    }
}
