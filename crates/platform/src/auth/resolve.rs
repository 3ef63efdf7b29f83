//! From credentials to an actor, on every request.
//!
//! Always true: a request without credentials is anonymous; one with credentials that are not good is refused, never
//! silently anonymous; a known key costs no query.

use domain::key::RateLimit;
use domain::user::LoggedIn;

use super::{Auth, Credentials};
use crate::actor::Actor;
use crate::error::{Error, OrLog as _, Result};
use crate::key;

/// An actor and what the answer should carry because of them.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub actor: Actor,
    /// For keyed calls: what the rate-limit headers say.
    pub rate_limit: Option<RateLimit>,
    /// The cookie stands for a log-in in the second half of its life and is to be replaced by this one.
    pub renewed: Option<LoggedIn>,
}

impl Auth {
    /// Finds out who asks.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] for credentials that are not good, [`Error::RateLimited`] for a key over its rate.
    pub async fn resolve(&self, credentials: &Credentials) -> Result<Resolved> {
        let key = credentials.api_key.as_deref().or(credentials.bearer.as_deref().filter(|text| key::is_key(text)));
        if let Some(key) = key {
            let (actor, rate_limit) = self.keys.authenticate(key).await?;
            return Ok(Resolved { actor, rate_limit: Some(rate_limit), renewed: None });
        }
        if let Some(token) = &credentials.bearer {
            let found = self.log_in_of(token).await?.ok_or(Error::NotAuthenticated)?;
            return Ok(Resolved { actor: found.actor(), rate_limit: None, renewed: None });
        }
        // A cookie that has ended is a person who has to log in again, not an attack: they see the public pages.
        let Some(token) = &credentials.cookie else { return Ok(Resolved::anonymous()) };
        let Some(found) = self.log_in_of(token).await? else { return Ok(Resolved::anonymous()) };
        // Who cannot be renewed now is renewed by a later request.
        let renewed = self.renew(&found).await.or_log("renewing a log-in").flatten();
        Ok(Resolved { actor: found.actor(), rate_limit: None, renewed })
    }
}

impl Resolved {
    fn anonymous() -> Self {
        Self { actor: Actor::Anonymous, rate_limit: None, renewed: None }
    }
}
