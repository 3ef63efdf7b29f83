//! Breakers: how they stand, and opening and resetting them by hand.
//!
//! Always true: what a person does to a breaker is in the audit trail; how breakers stand survives a restart.

use domain::access::Permission;
use domain::gateway::{Breaker, OpenBreaker};

use super::{Gateway, store, view};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, Result};

impl Gateway {
    /// All breakers, by provider and model.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub fn breakers(&self, actor: &Actor) -> Result<Vec<Breaker>> {
        actor.require(Permission::Observe)?;
        Ok(self.path.breakers().into_iter().map(view::breaker).collect())
    }

    /// Closes one breaker and forgets what it counted.
    ///
    /// # Errors
    /// Without the permission to operate, or when there is no such breaker.
    pub async fn reset_breaker(&self, actor: &Actor, id: &str) -> Result<Breaker> {
        actor.require(Permission::Operate)?;
        let (provider, model) = split(id)?;
        if !self.path.close_breaker(provider, model, &format!("reset by {}", actor.audit_name())) {
            return Err(Error::NotFound { what: "breaker" });
        }
        self.breaker_done(actor, "breaker.reset", id, "").await
    }

    /// Closes all breakers.
    ///
    /// # Errors
    /// Without the permission to operate.
    pub async fn reset_breakers(&self, actor: &Actor) -> Result<Vec<Breaker>> {
        actor.require(Permission::Operate)?;
        self.path.reset_breakers(&format!("all reset by {}", actor.audit_name()));
        self.save_breakers().await?;
        audit::record(&self.context, self.context.db.write(), actor, "breaker.reset", "all", "").await?;
        self.breakers(actor)
    }

    /// Opens a breaker until somebody resets it.
    ///
    /// # Errors
    /// Without the permission to operate, or when there is no such breaker.
    pub async fn open_breaker(&self, actor: &Actor, id: &str, input: OpenBreaker) -> Result<Breaker> {
        actor.require(Permission::Operate)?;
        let (provider, model) = split(id)?;
        let reason = input.reason.unwrap_or_default();
        let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        if !self.path.open_breaker(provider, model, true, &format!("opened by {}{why}", actor.audit_name())) {
            return Err(Error::NotFound { what: "breaker" });
        }
        self.breaker_done(actor, "breaker.opened", id, &reason).await
    }

    async fn breaker_done(&self, actor: &Actor, action: &str, id: &str, detail: &str) -> Result<Breaker> {
        self.save_breakers().await?;
        audit::record(&self.context, self.context.db.write(), actor, action, id, detail).await?;
        let all = self.path.breakers().into_iter().map(view::breaker);
        all.into_iter().find(|breaker| breaker.id == id).ok_or(Error::NotFound { what: "breaker" })
    }

    pub(super) async fn save_breakers(&self) -> Result<()> {
        store::save_breakers(self.context.db.write(), self.path.saved_breakers()).await
    }
}

/// A model's name may have slashes; a provider's has none.
fn split(id: &str) -> Result<(&str, &str)> {
    id.split_once('/').ok_or(Error::NotFound { what: "breaker" })
}
