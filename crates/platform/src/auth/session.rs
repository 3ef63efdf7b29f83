//! Sessions: made at log-in, looked up on every request, remembered for a few seconds, renewed while they are used.
//!
//! Always true: whoever ends a session on this replica ends it at once; another replica notices within the cache's
//! few seconds. A session has at most one that replaced it, and ends soon after it was replaced.

use std::collections::HashMap;
use std::time::Duration;

use domain::Time;
use domain::ids::{SessionId, UserId};
use domain::user::{LoggedIn, User};
use parking_lot::Mutex;
use sea_orm::TransactionTrait as _;

use super::token::Claims;
use super::{Auth, ClientInfo, store};
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Doing as _, Result};

const CACHE_SECS: i64 = 10;
const CACHE_LEN: usize = 10_000;
/// How long a session that was replaced goes on: requests of the same browser may be under way with the old cookie.
const GRACE: Duration = Duration::from_secs(60);

/// One log-in of one person, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) id: SessionId,
    pub(super) user_id: UserId,
    pub(super) ip: String,
    pub(super) user_agent: String,
    pub(super) created_at: Time,
    pub(super) expires_at: Time,
    /// The session that goes on in its place.
    pub(super) replaced_by: Option<SessionId>,
}

/// A session with its person.
#[derive(Clone, Debug)]
pub(super) struct LogIn {
    pub(super) user: User,
    pub(super) session: Session,
}

impl LogIn {
    pub(super) fn actor(&self) -> Actor {
        Actor::User { user: Box::new(self.user.clone()), session: self.session.id }
    }
}

/// Sessions seen lately, and when they were read.
#[derive(Debug, Default)]
pub(crate) struct SessionCache(Mutex<HashMap<SessionId, (LogIn, Time)>>);

impl SessionCache {
    fn get(&self, id: SessionId, now: Time) -> Option<LogIn> {
        let sessions = self.0.lock();
        let (found, read_at) = sessions.get(&id)?;
        let is_good = (now - *read_at).num_seconds() < CACHE_SECS && found.session.expires_at > now;
        is_good.then(|| found.clone())
    }

    fn put(&self, found: LogIn, now: Time) {
        let mut sessions = self.0.lock();
        if sessions.len() >= CACHE_LEN {
            sessions.clear();
        }
        sessions.insert(found.session.id, (found, now));
    }

    fn forget(&self, id: SessionId) {
        self.0.lock().remove(&id);
    }

    /// After any change to people.
    pub(crate) fn forget_all(&self) {
        self.0.lock().clear();
    }
}

impl Auth {
    /// A session for somebody who has just logged in.
    pub(super) async fn start_session(&self, mut user: User, client: &ClientInfo) -> Result<LoggedIn> {
        let session = self.session(user.id, client);
        user.last_login_at = Some(session.created_at);
        let found = LogIn { user, session };
        let txn = self.context.db.write().begin().await.doing("starting a session")?;
        store::insert_session(&txn, &found.session).await?;
        store::set_last_login(&txn, found.user.id, found.session.created_at).await?;
        audit::record(&self.context, &txn, &found.actor(), "auth.logged_in", &found.user.email, &found.session.ip)
            .await?;
        txn.commit().await.doing("starting a session")?;
        self.logged_in(found)
    }

    /// Replaces the actor's session by a fresh one; the old token ends.
    ///
    /// # Errors
    /// When the actor is not a person, or the database fails.
    pub async fn rotate(&self, actor: &Actor, client: &ClientInfo) -> Result<LoggedIn> {
        let (user, old) = actor.person()?;
        let found = LogIn { user: user.clone(), session: self.session(user.id, client) };
        let txn = self.context.db.write().begin().await.doing("replacing a session")?;
        store::insert_session(&txn, &found.session).await?;
        store::delete_session(&txn, old).await?;
        txn.commit().await.doing("replacing a session")?;
        self.sessions.forget_all();
        self.logged_in(found)
    }

    /// The log-in that goes on in place of one that is in the second half of its life; none for a younger one. However
    /// many requests come with the old token, they are all given the same new session.
    pub(super) async fn renew(&self, old: &LogIn) -> Result<Option<LoggedIn>> {
        let LogIn { user, session } = old;
        let now = self.context.now();
        let fresh = match session.replaced_by {
            Some(fresh) => fresh,
            None if now <= session.created_at + (session.expires_at - session.created_at) / 2 => return Ok(None),
            None => self.replace(session, now).await?,
        };
        let found = store::find_session(self.context.db.read(), fresh, user.id, now).await?;
        found.map(|found| self.logged_in(found)).transpose()
    }

    /// Puts a fresh session in the place of an old one, which goes on for a moment. Two who try at once get the same.
    async fn replace(&self, old: &Session, now: Time) -> Result<SessionId> {
        let fresh = Session {
            id: Context::id(),
            created_at: now,
            expires_at: now + self.lifetime(),
            replaced_by: None,
            ..old.clone()
        };
        let txn = self.context.db.write().begin().await.doing("renewing a session")?;
        let standing = store::replace_session(&txn, old.id, fresh.id, old.expires_at.min(now + GRACE)).await?;
        if standing == fresh.id {
            store::insert_session(&txn, &fresh).await?;
        }
        txn.commit().await.doing("renewing a session")?;
        self.sessions.forget(old.id);
        Ok(standing)
    }

    /// The person a token stands for.
    pub(super) async fn log_in_of(&self, token: &str) -> Result<Option<LogIn>> {
        let now = self.context.now();
        let Some(claims) = self.token_key.verify(token, now) else { return Ok(None) };
        if let Some(found) = self.sessions.get(claims.sid, now) {
            return Ok(Some(found));
        }
        let found = store::find_session(self.context.db.read(), claims.sid, claims.sub, now).await?;
        if let Some(found) = &found {
            self.sessions.put(found.clone(), now);
        }
        Ok(found)
    }

    fn lifetime(&self) -> Duration {
        Duration::from_secs(u64::from(self.context.config.security.session_hours) * 3_600)
    }

    fn session(&self, user_id: UserId, client: &ClientInfo) -> Session {
        let now = self.context.now();
        Session {
            id: Context::id(),
            user_id,
            ip: client.ip.map_or_else(String::new, |ip| ip.to_string()),
            user_agent: client.user_agent.chars().take(200).collect(),
            created_at: now,
            expires_at: now + self.lifetime(),
            replaced_by: None,
        }
    }

    fn logged_in(&self, found: LogIn) -> Result<LoggedIn> {
        let LogIn { user, session } = found;
        let (iat, exp) = (session.created_at.timestamp(), session.expires_at.timestamp());
        let token = self.token_key.sign(&Claims { sub: user.id, sid: session.id, iat, exp })?;
        Ok(LoggedIn { token, expires_at: session.expires_at, user })
    }
}
