//! API keys: how programs say who they are, and how much they may ask.
//!
//! The cast: a key's value is `rp_` and 32 random bytes; its SHA-256 is what is stored (the value has more entropy
//! than any guess, so a slow hash would only slow the data path); the [`Limiter`](limit::Limiter) counts calls.
//!
//! Always true: the value is in one answer only; a revoked or expired key is refused within seconds on every replica;
//! a known key costs no query.

mod authenticate;
mod limit;
mod store;

use std::sync::Arc;

use domain::access::Permission;
use domain::ids::KeyId;
use domain::key::{ApiKey, CreateKey, CreatedKey, DEFAULT_RATE_LIMIT};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

pub(crate) use authenticate::is_key;

use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Error, Result};
use authenticate::KeyCache;

/// The end of the year 9999, in Unix seconds; not every database reads back what is later.
const LAST_EXPIRY: i64 = 253_402_300_799;

/// Administers and checks keys.
#[derive(Clone, Debug)]
pub struct Keys {
    context: Context,
    cache: Arc<KeyCache>,
}

fn new_value() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    format!("{}{}", authenticate::PREFIX, hex::encode(bytes))
}

fn hash(value: &str) -> String {
    hex::encode(Sha256::digest(value.as_bytes()))
}

fn shown_prefix(value: &str) -> String {
    value.chars().take(11).collect()
}

impl Keys {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, cache: Arc::default() }
    }

    /// All keys, newest first, without their values.
    ///
    /// # Errors
    /// Without the permission to govern, or when the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ApiKey>> {
        actor.require(Permission::Govern)?;
        store::list(self.context.db.read()).await
    }

    /// Makes a key.
    ///
    /// # Errors
    /// As above, or when something is not acceptable.
    pub async fn create(&self, actor: &Actor, input: CreateKey) -> Result<CreatedKey> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let now = self.context.now();
        if input.expires_at.is_some_and(|at| at <= now || at.timestamp() > LAST_EXPIRY) {
            return Err(Error::field("expires_at", "must be in the future, and before the year 10000"));
        }
        let value = new_value();
        let mut scopes = input.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        let key = ApiKey {
            id: Context::id(),
            name: input.name.trim().to_owned(),
            prefix: shown_prefix(&value),
            scopes,
            team_id: input.team_id,
            rate_limit: input.rate_limit.unwrap_or(DEFAULT_RATE_LIMIT),
            created_at: now,
            expires_at: input.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        store::insert(self.context.db.write(), &key, hash(&value)).await?;
        self.note(actor, "key.created", &key).await?;
        Ok(CreatedKey { info: key, key: value })
    }

    /// Gives a key a new value; the old one ends at once.
    ///
    /// # Errors
    /// As above, or when there is no such key or it was revoked.
    pub async fn rotate(&self, actor: &Actor, id: KeyId) -> Result<CreatedKey> {
        actor.require(Permission::Govern)?;
        let before = store::find(self.context.db.read(), id).await?;
        if before.revoked_at.is_some() {
            return Err(Error::Conflict { message: "the key was revoked; make a new one".to_owned() });
        }
        let value = new_value();
        let key = store::set_value(self.context.db.write(), id, hash(&value), shown_prefix(&value)).await?;
        self.cache.clear();
        self.note(actor, "key.rotated", &key).await?;
        Ok(CreatedKey { info: key, key: value })
    }

    /// Ends a key for good; its row stays. Revoking twice is not an error.
    ///
    /// # Errors
    /// As above.
    pub async fn revoke(&self, actor: &Actor, id: KeyId) -> Result<ApiKey> {
        actor.require(Permission::Govern)?;
        let before = store::find(self.context.db.read(), id).await?;
        if before.revoked_at.is_some() {
            return Ok(before);
        }
        let key = store::set_revoked(self.context.db.write(), id, self.context.now()).await?;
        self.cache.clear();
        self.note(actor, "key.revoked", &key).await?;
        Ok(key)
    }

    /// Deletes a key's row.
    ///
    /// # Errors
    /// As above.
    pub async fn delete(&self, actor: &Actor, id: KeyId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let key = store::find(self.context.db.read(), id).await?;
        store::delete(self.context.db.write(), id).await?;
        self.cache.clear();
        self.note(actor, "key.deleted", &key).await
    }

    async fn note(&self, actor: &Actor, action: &str, key: &ApiKey) -> Result<()> {
        let object = format!("{} ({}…)", key.name, key.prefix);
        audit::record(&self.context, self.context.db.write(), actor, action, object, "").await
    }
}
