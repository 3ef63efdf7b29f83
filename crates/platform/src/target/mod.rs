//! Scrape targets: configured by people, fetched by scrapers.
//!
//! The cast: [`Targets`] is the service; [`Scraping`] (a background task) keeps one [`scraper`] a target running;
//! [`Reports`](reports::Reports) remembers how each last scrape went.
//!
//! Always true: whatever a target does (hang, send garbage, send a million series) ends within its timeout and its
//! limits, costs the other targets nothing, and is said in its report and in `up`.

mod config;
mod ending;
mod fetch;
mod outbound;
mod reports;
mod scrape;
mod scraper;
mod store;
mod task;

use domain::access::Permission;
use domain::ids::TargetId;
use domain::target::{CreateTarget, Target};

pub use config::ScrapeConfig;
pub(crate) use outbound::{AddressPolicy, client};
pub(crate) use reports::Reports;
pub(crate) use scraper::ScrapeContext;
pub(crate) use task::Scraping;

use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Error, Result};

/// Administers targets.
#[derive(Clone, Debug)]
pub struct Targets {
    context: Context,
    reports: Reports,
}

impl Targets {
    pub(crate) fn new(context: Context, reports: Reports) -> Self {
        Self { context, reports }
    }

    /// All targets, by service and URL, with their last scrapes.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Target>> {
        actor.require(Permission::Observe)?;
        let targets = store::list(self.context.db.read()).await?;
        Ok(targets.into_iter().map(|target| self.reported(target)).collect())
    }

    /// One target.
    ///
    /// # Errors
    /// As above, or when there is no such target.
    pub async fn get(&self, actor: &Actor, id: TargetId) -> Result<Target> {
        actor.require(Permission::Observe)?;
        let target = store::find(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "target" })?;
        Ok(self.reported(target))
    }

    /// Adds a target; its first scrape follows at once.
    ///
    /// # Errors
    /// Without the permission to govern, or when it is there already or something is not acceptable.
    pub async fn create(&self, actor: &Actor, input: CreateTarget) -> Result<Target> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let target = from_input(Context::id(), input, false, self.context.now());
        store::insert(self.context.db.write(), &target).await?;
        self.changed(actor, "target.created", &target).await?;
        Ok(target)
    }

    /// Replaces a target.
    ///
    /// # Errors
    /// As above, or when there is no such target.
    pub async fn update(&self, actor: &Actor, id: TargetId, input: CreateTarget) -> Result<Target> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let before = store::find(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "target" })?;
        let target = from_input(id, input, before.is_simulated, before.created_at);
        store::update(self.context.db.write(), &target).await?;
        self.changed(actor, "target.changed", &target).await?;
        Ok(self.reported(target))
    }

    /// Removes a target; its samples stay.
    ///
    /// # Errors
    /// As above.
    pub async fn delete(&self, actor: &Actor, id: TargetId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let target = store::find(self.context.db.read(), id).await?.ok_or(Error::NotFound { what: "target" })?;
        store::delete(self.context.db.write(), id).await?;
        self.changed(actor, "target.deleted", &target).await
    }

    /// Makes or moves a target of the demo fleet.
    pub(crate) async fn put_simulated(&self, input: CreateTarget) -> Result<()> {
        let target = from_input(Context::id(), input, true, self.context.now());
        store::replace_simulated(self.context.db.write(), &target).await?;
        self.context.tasks.scraping.activate();
        Ok(())
    }

    /// Removes the targets of a demo fleet that does not run.
    pub(crate) async fn remove_simulated(&self) -> Result<u64> {
        store::delete_simulated(self.context.db.write()).await
    }

    async fn changed(&self, actor: &Actor, action: &str, target: &Target) -> Result<()> {
        self.context.tasks.scraping.activate();
        audit::record(&self.context, self.context.db.write(), actor, action, &target.service, &target.url).await
    }

    fn reported(&self, mut target: Target) -> Target {
        target.last_scrape = self.reports.get(target.id);
        target
    }
}

fn from_input(id: TargetId, input: CreateTarget, is_simulated: bool, created_at: domain::Time) -> Target {
    Target {
        id,
        service: input.service,
        url: input.url,
        interval_ms: input.interval_ms,
        timeout_ms: input.timeout_ms,
        sample_limit: input.sample_limit,
        labels: input.labels,
        is_enabled: input.is_enabled,
        is_simulated,
        created_at,
        last_scrape: None,
    }
}
