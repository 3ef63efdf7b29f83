//! Rate limits of requests and tokens: listed by whoever observes, changed by whoever governs.

use domain::Time;
use domain::access::Permission;
use domain::gateway::{GatewayRateLimit, PutRateLimit};
use domain::ids::RateLimitId;
use sea_orm::{DatabaseTransaction, TransactionTrait as _};

use super::store;
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};
use crate::gateway::Gateway;

impl Gateway {
    /// All rate limits, by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn rate_limits(&self, actor: &Actor) -> Result<Vec<GatewayRateLimit>> {
        actor.require(Permission::Observe)?;
        store::rates(self.context.db.read()).await
    }

    /// One rate limit.
    ///
    /// # Errors
    /// As above, or when there is no such rate limit.
    pub async fn rate_limit(&self, actor: &Actor, id: RateLimitId) -> Result<GatewayRateLimit> {
        actor.require(Permission::Observe)?;
        store::rate(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "rate limit" })
    }

    /// Adds a rate limit.
    ///
    /// # Errors
    /// Without the permission to govern, or when something is not acceptable.
    pub async fn create_rate_limit(&self, actor: &Actor, input: PutRateLimit) -> Result<GatewayRateLimit> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let now = self.context.now();
        let rate = rate(Context::id(), input, now, now);
        let txn = self.context.db.write().begin().await.doing("writing a rate limit")?;
        store::insert_rate(&txn, &rate).await?;
        self.finish_rate(actor, txn, "rate_limit.created", &rate).await?;
        Ok(rate)
    }

    /// Replaces a rate limit.
    ///
    /// # Errors
    /// As above, or when there is no such rate limit.
    pub async fn update_rate_limit(
        &self,
        actor: &Actor,
        id: RateLimitId,
        input: PutRateLimit,
    ) -> Result<GatewayRateLimit> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let txn = self.context.db.write().begin().await.doing("writing a rate limit")?;
        let before = store::rate(&txn, id).await?.ok_or(Error::NotFound { what: "rate limit" })?;
        let rate = rate(id, input, before.created_at, self.context.now());
        store::update_rate(&txn, &rate).await?;
        self.finish_rate(actor, txn, "rate_limit.changed", &rate).await?;
        Ok(rate)
    }

    /// Removes a rate limit.
    ///
    /// # Errors
    /// As above.
    pub async fn delete_rate_limit(&self, actor: &Actor, id: RateLimitId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let txn = self.context.db.write().begin().await.doing("deleting a rate limit")?;
        let rate = store::rate(&txn, id).await?.ok_or(Error::NotFound { what: "rate limit" })?;
        store::delete_rate(&txn, id).await?;
        self.finish_rate(actor, txn, "rate_limit.deleted", &rate).await
    }

    async fn finish_rate(
        &self,
        actor: &Actor,
        txn: DatabaseTransaction,
        action: &str,
        rate: &GatewayRateLimit,
    ) -> Result<()> {
        let said = |rate: Option<u32>| rate.map_or_else(|| "any number of".to_owned(), |rate| rate.to_string());
        let (requests, tokens) = (said(rate.requests_per_minute), said(rate.tokens_per_minute));
        let scope = serde_json::to_string(&rate.scope).unwrap_or_default();
        let detail = format!("{requests} requests and {tokens} tokens a minute for {scope}");
        audit::record(&self.context, &txn, actor, action, &rate.name, detail).await?;
        txn.commit().await.doing("writing a rate limit")?;
        self.settings.reload().await
    }
}

fn rate(id: RateLimitId, input: PutRateLimit, created_at: Time, updated_at: Time) -> GatewayRateLimit {
    let PutRateLimit { name, scope, requests_per_minute, tokens_per_minute } = input;
    GatewayRateLimit { id, name, scope, requests_per_minute, tokens_per_minute, created_at, updated_at }
}
