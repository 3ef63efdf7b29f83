//! Sessions: made at log-in, looked up on every request, remembered for a few seconds.
//!
//! Always true: whoever ends a session on this replica ends it at once; another replica notices within the cache's
//! few seconds.

use std::collections::HashMap;
use std::time::Duration;

use domain::Time;
use domain::ids::SessionId;
use domain::user::{LoggedIn, User};
use parking_lot::Mutex;

use super::token::Claims;
use super::{Auth, ClientInfo, store};
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::Result;

const CACHE_SECS: i64 = 10;
const CACHE_LEN: usize = 10_000;

/// Sessions seen lately.
#[derive(Debug, Default)]
pub(crate) struct SessionCache(Mutex<HashMap<SessionId, (User, Time)>>);

impl SessionCache {
    fn get(&self, id: SessionId, now: Time) -> Option<User> {
        let sessions = self.0.lock();
        let (user, seen_at) = sessions.get(&id)?;
        ((now - *seen_at).num_seconds() < CACHE_SECS).then(|| user.clone())
    }

    fn put(&self, id: SessionId, user: User, now: Time) {
        let mut sessions = self.0.lock();
        if sessions.len() >= CACHE_LEN {
            sessions.clear();
        }
        sessions.insert(id, (user, now));
    }

    pub(super) fn forget(&self, id: SessionId) {
        self.0.lock().remove(&id);
    }

    /// After any change to people.
    pub(crate) fn forget_all(&self) {
        self.0.lock().clear();
    }
}

impl Auth {
    pub(super) async fn start_session(&self, mut user: User, client: &ClientInfo) -> Result<LoggedIn> {
        let now = self.context.now();
        let expires_at = now + Duration::from_secs(u64::from(self.context.config.security.session_hours) * 3_600);
        let id = Context::id();
        store::insert_session(self.context.db.write(), id, user.id, client, now, expires_at).await?;
        user.last_login_at = Some(now);
        let actor = Actor::User { user: Box::new(user.clone()), session: id };
        let from = client.ip.map_or_else(String::new, |ip| ip.to_string());
        audit::record(&self.context, self.context.db.write(), &actor, "auth.logged_in", &user.email, from).await?;
        let claims = Claims { sub: user.id, sid: id, iat: now.timestamp(), exp: expires_at.timestamp() };
        Ok(LoggedIn { token: self.token_key.sign(&claims)?, expires_at, user })
    }

    /// The person a token stands for, and whether more than half of its life is over.
    pub(super) async fn actor_of_token(&self, token: &str) -> Result<Option<(Actor, bool)>> {
        let now = self.context.now();
        let Some(claims) = self.token_key.verify(token, now) else { return Ok(None) };
        let user = match self.sessions.get(claims.sid, now) {
            Some(user) => user,
            None => match store::find_session(self.context.db.read(), claims.sid, claims.sub, now).await? {
                Some(user) => {
                    self.sessions.put(claims.sid, user.clone(), now);
                    user
                }
                None => return Ok(None),
            },
        };
        let is_half_over = now.timestamp() > i64::midpoint(claims.iat, claims.exp);
        Ok(Some((Actor::User { user: Box::new(user), session: claims.sid }, is_half_over)))
    }
}
