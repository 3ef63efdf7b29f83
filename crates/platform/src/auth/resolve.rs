//! From credentials to an actor, on every request.
//!
//! Always true: a request without credentials is anonymous; one with credentials that are not good is refused, never
//! silently anonymous; a known key costs no query.

use domain::access::Permission;
use domain::key::RateLimit;
use domain::user::LoggedIn;

use super::{Auth, ClientInfo, Credentials};
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::key;

/// An actor and what the answer should carry because of them.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub actor: Actor,
    /// For keyed calls: what the rate-limit headers say.
    pub rate_limit: Option<RateLimit>,
    /// The cookie stood for more than half its life and is replaced by this one.
    pub renewed: Option<LoggedIn>,
    /// The credentials came as a cookie, which browsers send by themselves.
    pub is_cookie: bool,
}

impl Auth {
    /// Finds out who asks. `cost` is the number of calls this request counts for.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] for credentials that are not good, [`Error::RateLimited`] for a key over its rate.
    pub async fn resolve(&self, credentials: &Credentials) -> Result<Resolved> {
        let key = credentials.api_key.as_deref().or(credentials.bearer.as_deref().filter(|text| key::is_key(text)));
        if let Some(key) = key {
            let (actor, rate_limit) = self.keys.authenticate(key).await?;
            return Ok(Resolved { actor, rate_limit: Some(rate_limit), renewed: None, is_cookie: false });
        }
        if let Some(token) = &credentials.bearer {
            let actor = self.actor_of_token(token).await?.ok_or(Error::NotAuthenticated)?.0;
            return Ok(Resolved { actor, rate_limit: None, renewed: None, is_cookie: false });
        }
        // A cookie that has ended is a person who has to log in again, not an attack: they see the public pages.
        let Some(token) = &credentials.cookie else { return Ok(Resolved::anonymous()) };
        let Some((actor, is_half_over)) = self.actor_of_token(token).await? else { return Ok(Resolved::anonymous()) };
        let renewed = if is_half_over { self.rotate(&actor, &ClientInfo::default()).await.ok() } else { None };
        Ok(Resolved { actor, rate_limit: None, renewed, is_cookie: true })
    }

    /// Replaces the actor's session by a fresh one; the old token ends.
    ///
    /// # Errors
    /// When the actor is not a person, or the database fails.
    pub async fn rotate(&self, actor: &Actor, client: &ClientInfo) -> Result<LoggedIn> {
        actor.require(Permission::Observe)?;
        let user = actor.user().ok_or(Error::NotAuthenticated)?.clone();
        let fresh = self.start_session(user, client).await?;
        self.log_out(actor).await?;
        Ok(fresh)
    }
}

impl Resolved {
    fn anonymous() -> Self {
        Self { actor: Actor::Anonymous, rate_limit: None, renewed: None, is_cookie: false }
    }
}
