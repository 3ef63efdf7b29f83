//! Routes: listed by whoever observes, changed by whoever governs.
//!
//! Always true: a route is effective for the next call after it is stored; each change raises its version and is in the
//! audit trail with what it was before.

use domain::Time;
use domain::access::Permission;
use domain::gateway::{PutRoute, Route};
use domain::ids::RouteId;
use sea_orm::TransactionTrait as _;

use super::{Gateway, store};
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};

pub(super) fn new_route(settings: PutRoute, now: Time) -> Route {
    Route { id: Context::id(), version: 1, created_at: now, updated_at: now, settings }
}

impl Gateway {
    /// All routes, by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn routes(&self, actor: &Actor) -> Result<Vec<Route>> {
        actor.require(Permission::Observe)?;
        store::routes(self.context.db.read()).await
    }

    /// One route.
    ///
    /// # Errors
    /// As above, or when there is no such route.
    pub async fn route(&self, actor: &Actor, id: RouteId) -> Result<Route> {
        actor.require(Permission::Observe)?;
        store::route(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "route" })
    }

    /// One route, to be changed: a form shows a part of it and must keep the rest.
    ///
    /// # Errors
    /// Without the permission to govern, or when there is no such route.
    pub async fn route_to_edit(&self, actor: &Actor, id: RouteId) -> Result<Route> {
        actor.require(Permission::Govern)?;
        self.route(actor, id).await
    }

    /// Adds a route.
    ///
    /// # Errors
    /// Without the permission to govern, or when something is not acceptable.
    pub async fn create_route(&self, actor: &Actor, input: PutRoute) -> Result<Route> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let route = new_route(input, self.context.now());
        let txn = self.context.db.write().begin().await.doing("writing a route")?;
        store::insert_route(&txn, &route).await?;
        self.finish_route(actor, txn, "route.created", &route, "version 1".to_owned()).await?;
        Ok(route)
    }

    /// Replaces a route.
    ///
    /// # Errors
    /// As above, or when there is no such route.
    pub async fn update_route(&self, actor: &Actor, id: RouteId, input: PutRoute) -> Result<Route> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let txn = self.context.db.write().begin().await.doing("writing a route")?;
        let before = store::route(&txn, id).await?.ok_or(Error::NotFound { what: "route" })?;
        let old = serde_json::to_string(&before.settings).map_err(|e| Error::internal("writing a route", e))?;
        let version = before.version + 1;
        let route = Route { version, updated_at: self.context.now(), settings: input, ..before };
        store::update_route(&txn, &route).await?;
        self.finish_route(actor, txn, "route.changed", &route, format!("version {version}; before: {old}")).await?;
        Ok(route)
    }

    /// Removes a route.
    ///
    /// # Errors
    /// As above.
    pub async fn delete_route(&self, actor: &Actor, id: RouteId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let txn = self.context.db.write().begin().await.doing("deleting a route")?;
        let route = store::route(&txn, id).await?.ok_or(Error::NotFound { what: "route" })?;
        store::delete_route(&txn, id).await?;
        self.finish_route(actor, txn, "route.deleted", &route, format!("version {}", route.version)).await
    }

    async fn finish_route(
        &self,
        actor: &Actor,
        txn: sea_orm::DatabaseTransaction,
        action: &str,
        route: &Route,
        detail: String,
    ) -> Result<()> {
        self.settings.check(&txn, Some(&route.settings.name)).await?;
        audit::record(&self.context, &txn, actor, action, &route.settings.name, detail).await?;
        txn.commit().await.doing("writing a route")?;
        self.settings.reload().await
    }
}
