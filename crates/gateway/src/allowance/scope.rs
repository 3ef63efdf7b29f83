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
}

impl Scope {
    pub(super) fn holds(&self, caller: &Caller, route: &str) -> bool {
        let is =
            |wanted: &Option<String>, own: Option<&str>| wanted.as_deref().is_none_or(|wanted| own == Some(wanted));
        is(&self.service, Some(&caller.service))
            && is(&self.team, caller.team.as_deref())
            && is(&self.key, caller.key.as_deref())
            && is(&self.route, Some(route))
    }
}
