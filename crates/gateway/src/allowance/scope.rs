//! Whom a budget or a rate concerns.

use serde::{Deserialize, Serialize};

use crate::request::Caller;

/// Everything that is said must hold; nothing said concerns everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// The calling service.
    pub service: Option<String>,
    /// The team of the key.
    pub team: Option<String>,
    /// The id of the key.
    pub key: Option<String>,
    /// The route.
    pub route: Option<String>,
    /// The provider that is asked.
    pub provider: Option<String>,
    /// Its name for the model that is asked.
    pub model: Option<String>,
}

/// Who wants to spend: a caller on a route, and at one target of it when that is being chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spender<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) route: &'a str,
    /// Provider and model.
    pub(crate) target: Option<(&'a str, &'a str)>,
}

impl Scope {
    /// Whether the spender is meant. A scope that names a provider or a model is asked at each target, any other one once a call.
    pub(super) fn holds(&self, spender: &Spender<'_>) -> bool {
        let is =
            |wanted: &Option<String>, own: Option<&str>| wanted.as_deref().is_none_or(|wanted| own == Some(wanted));
        let is_of_targets = self.provider.is_some() || self.model.is_some();
        is_of_targets == spender.target.is_some()
            && is(&self.service, Some(&spender.caller.service))
            && is(&self.team, spender.caller.team.as_deref())
            && is(&self.key, spender.caller.key.as_deref())
            && is(&self.route, Some(spender.route))
            && is(&self.provider, spender.target.map(|(provider, _)| provider))
            && is(&self.model, spender.target.map(|(_, model)| model))
    }
}
