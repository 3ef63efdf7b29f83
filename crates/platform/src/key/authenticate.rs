//! From a key's value to an actor, in memory.
//!
//! Always true: the cache holds hashes, never values; an entry older than a few seconds is read again, so that another
//! replica's revocation counts; an unknown key costs one query and is not remembered.

use std::collections::HashMap;

use domain::Time;
use domain::key::{ApiKey, KeyValidity, RateLimit};
use parking_lot::Mutex;

use super::limit::Limiter;
use super::{Keys, hash, store};
use crate::actor::Actor;
use crate::error::{Error, OrLog as _, Result};

pub(super) const PREFIX: &str = "rp_";
const CACHE_SECS: i64 = 10;
const LAST_USED_SECS: i64 = 60;

/// Keys seen lately, by hash.
#[derive(Debug, Default)]
pub(super) struct KeyCache(Mutex<HashMap<String, Entry>>);

#[derive(Debug)]
struct Entry {
    key: ApiKey,
    read_at: Time,
    limiter: Limiter,
}

impl KeyCache {
    /// After any change to keys. Rates start anew.
    pub(super) fn clear(&self) {
        self.0.lock().clear();
    }
}

/// Whether a bearer value is a key rather than a token.
pub(crate) fn is_key(text: &str) -> bool {
    text.starts_with(PREFIX)
}

impl Keys {
    /// The actor behind a value, counting one call.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] when it is not a good key, [`Error::RateLimited`] when it is over its rate.
    pub(crate) async fn authenticate(&self, value: &str) -> Result<(Actor, RateLimit)> {
        let (key, rate) = self.check(value).await?;
        let actor =
            Actor::Key { id: key.id, name: key.name, scopes: key.scopes.into_iter().collect(), team_id: key.team_id };
        Ok((actor, rate))
    }

    /// What a value that was just let through may do and how much is left of its rate. Counts no call: the middleware
    /// in front has counted this one.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] when it was not let through.
    pub fn validity(&self, value: &str) -> Result<KeyValidity> {
        let now_ms = self.context.clock.now_ms();
        let entries = self.cache.0.lock();
        let entry = entries.get(&hash(value)).ok_or(Error::NotAuthenticated)?;
        let rate_limit = entry.limiter.state(entry.key.rate_limit, now_ms);
        Ok(KeyValidity { valid: true, name: entry.key.name.clone(), scopes: entry.key.scopes.clone(), rate_limit })
    }

    async fn check(&self, value: &str) -> Result<(ApiKey, RateLimit)> {
        if !is_key(value) {
            return Err(Error::NotAuthenticated);
        }
        let hash = hash(value);
        let now = self.context.now();
        if !self.is_cached(&hash, now) {
            self.load(&hash, now).await?;
        }
        let mut entries = self.cache.0.lock();
        let entry = entries.get_mut(&hash).ok_or(Error::NotAuthenticated)?;
        let is_over = entry.key.revoked_at.is_some() || entry.key.expires_at.is_some_and(|at| at <= now);
        if is_over {
            return Err(Error::NotAuthenticated);
        }
        match entry.limiter.take(entry.key.rate_limit, now.timestamp_millis()) {
            (rate, Ok(())) => Ok((entry.key.clone(), rate)),
            (rate, Err(wait_ms)) => Err(Error::RateLimited {
                message: format!("this key may make {} requests a minute", entry.key.rate_limit),
                retry_after_secs: wait_ms.div_ceil(1_000),
                rate: Some(rate),
            }),
        }
    }

    fn is_cached(&self, hash: &str, now: Time) -> bool {
        self.cache.0.lock().get(hash).is_some_and(|entry| (now - entry.read_at).num_seconds() < CACHE_SECS)
    }

    async fn load(&self, hash: &str, now: Time) -> Result<()> {
        let key = match store::find_by_hash(self.context.db.read(), hash).await {
            Ok(found) => found.ok_or(Error::NotAuthenticated)?,
            // A database that is away must not lock out a key we knew a moment ago.
            Err(error) => return if self.cache.0.lock().contains_key(hash) { Ok(()) } else { Err(error) },
        };
        let is_use_old = key.last_used_at.is_none_or(|at| (now - at).num_seconds() >= LAST_USED_SECS);
        if is_use_old {
            store::set_last_used(self.context.db.write(), key.id, now).await.or_log("noting a key's use");
        }
        let mut entries = self.cache.0.lock();
        let limiter = entries.get(hash).map(|entry| entry.limiter).unwrap_or_default();
        entries.insert(hash.to_owned(), Entry { key, read_at: now, limiter });
        Ok(())
    }
}
