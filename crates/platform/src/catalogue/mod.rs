//! The catalogue: services by name, found by their labels or put in by people.
//!
//! The cast: [`Catalogue`] is the service; [`Known`](known::Known) holds names in memory so that ingest does no query
//! per sample; [`health`] says how a service is.
//!
//! Always true: a name that telemetry mentions is in the catalogue a moment later; deleting a service forgets what
//! people said of it, not its samples, and telemetry brings it back.

mod discover;
mod health;
mod known;
mod store;

use domain::access::Permission;
use domain::catalogue::{CreateService, Service, UpdateService};
use domain::ids::ServiceId;

pub(crate) use discover::Discoverer;
pub(crate) use health::HealthReader;
pub(crate) use known::Known;

use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Error, Result};

/// The catalogue.
#[derive(Clone, Debug)]
pub struct Catalogue {
    context: Context,
    known: Known,
    health: HealthReader,
}

/// Whether there is a service of this name.
pub(crate) async fn is_known(db: &impl sea_orm::ConnectionTrait, name: &str) -> Result<bool> {
    Ok(store::find_by_name(db, name).await?.is_some())
}

impl Catalogue {
    pub(crate) fn new(context: Context, known: Known, health: HealthReader) -> Self {
        Self { context, known, health }
    }

    /// All services, by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Service>> {
        actor.require(Permission::Observe)?;
        let services = store::list(self.context.db.read()).await?;
        Ok(services.into_iter().map(|service| self.seen(service)).collect())
    }

    /// One service, by id or name.
    ///
    /// # Errors
    /// As above, or when there is no such service.
    pub async fn get(&self, actor: &Actor, name_or_id: &str) -> Result<Service> {
        actor.require(Permission::Observe)?;
        let found = match name_or_id.parse::<ServiceId>() {
            Ok(id) => store::find(self.context.db.read(), id).await?,
            // No name has such characters, and no database has to read them.
            Err(_) if name_or_id.contains(char::is_control) => None,
            Err(_) => store::find_by_name(self.context.db.read(), name_or_id).await?,
        };
        found.map(|service| self.seen(service)).ok_or(Error::NotFound { what: "service" })
    }

    /// Puts a service in.
    ///
    /// # Errors
    /// Without the permission to operate, or when the name is taken or something is not acceptable.
    pub async fn create(&self, actor: &Actor, input: CreateService) -> Result<Service> {
        actor.require(Permission::Operate)?;
        input.validate()?;
        let service = Service {
            id: Context::id(),
            name: input.name,
            description: input.description,
            team_id: input.team_id,
            labels: input.labels,
            dependencies: input.dependencies,
            objectives: input.objectives,
            is_simulated: false,
            created_at: self.context.now(),
            last_seen_at: None,
        };
        store::insert(self.context.db.write(), &service).await?;
        self.known.add(&service.name, service.is_simulated);
        audit::record(&self.context, self.context.db.write(), actor, "service.created", &service.name, "").await?;
        Ok(service)
    }

    /// Changes a service; what is absent stays.
    ///
    /// # Errors
    /// As above, or when there is no such service.
    pub async fn update(&self, actor: &Actor, id: ServiceId, input: UpdateService) -> Result<Service> {
        actor.require(Permission::Operate)?;
        let before = store::find(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "service" })?;
        input.validate(&before.name)?;
        let service = store::update(self.context.db.write(), before, input).await?;
        audit::record(&self.context, self.context.db.write(), actor, "service.changed", &service.name, "").await?;
        Ok(self.seen(service))
    }

    /// Takes a service out.
    ///
    /// # Errors
    /// As above.
    pub async fn delete(&self, actor: &Actor, id: ServiceId) -> Result<()> {
        actor.require(Permission::Operate)?;
        let service = store::find(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "service" })?;
        store::delete(self.context.db.write(), id).await?;
        self.known.remove(&service.name);
        audit::record(&self.context, self.context.db.write(), actor, "service.deleted", service.name, "").await
    }

    /// How every service is, worst first.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn health(&self, actor: &Actor) -> Result<Vec<domain::catalogue::ServiceHealth>> {
        actor.require(Permission::Observe)?;
        let services = self.list(actor).await?;
        self.health.read(&services).await
    }

    fn seen(&self, mut service: Service) -> Service {
        service.last_seen_at = self.known.last_seen(&service.name);
        service
    }
}
