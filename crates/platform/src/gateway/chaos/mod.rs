//! Chaos experiments: started, watched and stopped by whoever operates.
//!
//! Always true: an experiment is stored with its end before it touches a call for longer than it takes to store it; one that a restart
//! interrupted goes on to the same end with the same counts, one whose end has passed meanwhile is over; its start and its end are events,
//! what people do to it is in the audit trail.

mod store;
mod view;

use std::collections::HashMap;
use std::sync::Arc;

use domain::access::Permission;
use domain::gateway::{Experiment, ExperimentReport, ExperimentScope, InjectChaos, StopChaos, StoppedChaos};
use domain::ids::ExperimentId;
use domain::page::{Page, PageRequest};
use sea_orm::TransactionTrait as _;
use tokio::sync::Mutex;

use super::Gateway;
use crate::actor::Actor;
use crate::audit;
use crate::catalogue;
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};
use crate::stream::NewEvent;

pub(super) use store::expire;

/// What is stored of the experiments that run. Held while anything is written about them.
pub(super) type Kept = Arc<Mutex<HashMap<ExperimentId, ExperimentReport>>>;

/// Hands those that were running to the data path.
pub(super) async fn restore(context: &Context, path: &::gateway::Gateway) -> Result<Kept> {
    let mut kept = HashMap::new();
    for experiment in store::running(context.db.read()).await? {
        path.resume_experiment(&view::to_path(&experiment)?);
        kept.insert(experiment.id, experiment.report);
    }
    Ok(Arc::new(Mutex::new(kept)))
}

impl Gateway {
    /// Starts an experiment.
    ///
    /// # Errors
    /// Without the permission to operate, when a value is not acceptable, or while too many run.
    pub async fn inject_chaos(&self, actor: &Actor, input: InjectChaos) -> Result<Experiment> {
        actor.require(Permission::Operate)?;
        input.validate()?;
        let scope = self.scope(&input).await?;
        let now = self.context.now();
        let experiment = view::started(&input, scope, actor.audit_name(), now)?;
        let mut kept = self.experiments.lock().await;
        self.path.start_experiment(view::to_path(&experiment)?.experiment).map_err(view::refuse)?;
        let stored = self.store_start(actor, &experiment).await;
        if stored.is_err() {
            self.path.stop_experiment(&experiment.id.to_string());
        }
        stored?;
        kept.insert(experiment.id, experiment.report);
        Ok(experiment)
    }

    async fn store_start(&self, actor: &Actor, experiment: &Experiment) -> Result<()> {
        let doing = "starting an experiment";
        let txn = self.context.db.write().begin().await.doing(doing)?;
        store::insert(&txn, experiment).await?;
        let detail = view::in_words(experiment);
        audit::record(&self.context, &txn, actor, "chaos.started", experiment.id.to_string(), detail).await?;
        let event = NewEvent::about("chaos.started", experiment.started_at, None, "experiment", experiment)?;
        self.context.bus.commit(txn, vec![event], doing).await
    }

    /// Whom an experiment touches: the scope with what `service` names.
    async fn scope(&self, input: &InjectChaos) -> Result<ExperimentScope> {
        let mut scope = input.scope.clone();
        let Some(name) = input.service.as_deref().filter(|name| *name != "*") else { return Ok(scope) };
        let settings = self.path.settings();
        let place = if settings.providers.iter().any(|provider| provider.name == name) {
            &mut scope.provider
        } else if settings.routes.iter().any(|route| route.name == name) {
            &mut scope.route
        } else if catalogue::is_known(self.context.db.read(), name).await? {
            &mut scope.service
        } else {
            let message =
                "is no provider, route or known service; for a service that has not called yet use scope.service";
            return Err(Error::field("service", message));
        };
        if place.as_deref().is_some_and(|said| said != name) {
            return Err(Error::field("service", "contradicts the scope"));
        }
        *place = Some(name.to_owned());
        Ok(scope)
    }

    /// Experiments, newest first, with what callers have seen of them so far.
    ///
    /// # Errors
    /// Without the permission to observe, or when the page is not acceptable.
    pub async fn experiments(&self, actor: &Actor, page: PageRequest) -> Result<Page<Experiment>> {
        actor.require(Permission::Observe)?;
        let limit = page.limit()?;
        let cursor = page.cursor.as_deref().map(str::parse).transpose();
        let before = cursor.map_err(|_| Error::field("cursor", "is not a cursor of this list"))?;
        let mut all = store::list(self.context.db.read(), before, limit + 1).await?;
        let live = self.path.experiments();
        all.iter_mut().for_each(|experiment| view::freshen(experiment, &live));
        Ok(Page::cut(all, limit, |experiment| experiment.id.to_string()))
    }

    /// One experiment.
    ///
    /// # Errors
    /// As above, or when there is no such experiment.
    pub async fn experiment(&self, actor: &Actor, id: ExperimentId) -> Result<Experiment> {
        actor.require(Permission::Observe)?;
        self.read_experiment(id).await
    }

    async fn read_experiment(&self, id: ExperimentId) -> Result<Experiment> {
        let found = store::find(self.context.db.read(), id).await?;
        let mut experiment = found.ok_or(Error::NotFound { what: "experiment" })?;
        view::freshen(&mut experiment, &self.path.experiments());
        Ok(experiment)
    }

    /// Stops one experiment, or all that run. Stopping one that is over changes nothing.
    ///
    /// # Errors
    /// Without the permission to operate, or when there is no such experiment.
    pub async fn stop_chaos(&self, actor: &Actor, input: StopChaos) -> Result<StoppedChaos> {
        actor.require(Permission::Operate)?;
        let asked = match input.id {
            Some(id) => vec![self.read_experiment(id).await?.id],
            None => self.experiments.lock().await.keys().copied().collect(),
        };
        let mut stopped = Vec::new();
        for id in asked {
            if self.path.stop_experiment(&id.to_string()) {
                audit::record(&self.context, self.context.db.write(), actor, "chaos.stopped", id.to_string(), "")
                    .await?;
                stopped.push(id);
            }
        }
        self.keep_experiments().await?;
        let mut views = Vec::new();
        for id in stopped {
            views.push(self.read_experiment(id).await?);
        }
        Ok(StoppedChaos { stopped: views })
    }

    /// Ends what is over and stores what has changed.
    pub(crate) async fn keep_experiments(&self) -> Result<()> {
        let doing = "keeping an experiment";
        let mut kept = self.experiments.lock().await;
        for live in self.path.experiments() {
            let Ok(id) = live.experiment.id.parse::<ExperimentId>() else { continue };
            let report = view::report(&live);
            match kept.get(&id) {
                Some(stored) if live.end.is_some() || *stored != report => {}
                _ => continue,
            }
            let txn = self.context.db.write().begin().await.doing(doing)?;
            let (ended_at, end) = view::end(&live).unzip();
            store::update(&txn, id, report, ended_at, end).await?;
            let mut events = Vec::new();
            if let Some(at) = ended_at {
                let experiment = store::find(&txn, id).await?;
                events.push(NewEvent::about("chaos.ended", at, None, "experiment", &experiment)?);
            }
            self.context.bus.commit(txn, events, doing).await?;
            if end.is_some() {
                kept.remove(&id);
            } else {
                kept.insert(id, report);
            }
        }
        Ok(())
    }
}
