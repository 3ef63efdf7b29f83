//! Automation: a question that is asked again and again, bounded by number.
//!
//! Always true: one call at a time; each has the permission of whoever started it; it ends with its last call, when it is stopped, and with
//! the process.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::access::Permission;
use domain::gateway::{
    AiCall, Automation, AutomationList, AutomationResult, StartAutomation, StopAutomation, StoppedAutomation,
};
use domain::ids::AutomationId;
use parking_lot::Mutex;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::Gateway;
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Error, Result};

/// So many may run at a time.
const MAX_RUNNING: usize = 10;
/// So many that ran are remembered.
const REMEMBERED: usize = 50;
/// So many results of each are kept.
const RESULTS: usize = 50;
/// Of an answer no more is kept.
const MAX_TEXT: usize = 500;

#[derive(Debug)]
struct Run {
    view: Automation,
    stop: CancellationToken,
}

/// All of them, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Automations(Arc<Mutex<VecDeque<Run>>>);

impl Automations {
    fn start(&self, view: Automation, stop: CancellationToken) -> Result<()> {
        let mut runs = self.0.lock();
        if runs.iter().filter(|run| run.view.ended_at.is_none()).count() >= MAX_RUNNING {
            return Err(Error::Conflict { message: format!("{MAX_RUNNING} are running already; stop one first") });
        }
        while runs.len() >= MAX_RUNNING + REMEMBERED {
            let oldest = runs.iter().position(|run| run.view.ended_at.is_some());
            oldest.and_then(|oldest| runs.remove(oldest));
        }
        runs.push_back(Run { view, stop });
        Ok(())
    }

    fn edit(&self, id: AutomationId, change: impl FnOnce(&mut Automation)) {
        if let Some(run) = self.0.lock().iter_mut().find(|run| run.view.id == id) {
            change(&mut run.view);
        }
    }

    fn all(&self) -> Vec<Automation> {
        self.0.lock().iter().rev().map(|run| run.view.clone()).collect()
    }
}

impl Gateway {
    /// Those that run and ran, newest first.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub fn automations(&self, actor: &Actor) -> Result<AutomationList> {
        actor.require(Permission::Observe)?;
        Ok(AutomationList { items: self.automations.all() })
    }

    /// Starts asking.
    ///
    /// # Errors
    /// Without the permission to call models, when a value is not acceptable, or while too many run.
    pub async fn start_automation(&self, actor: &Actor, input: StartAutomation) -> Result<Automation> {
        actor.require(Permission::Gateway)?;
        input.validate()?;
        let view = Automation {
            id: Context::id(),
            service: input.service.clone(),
            prompt: input.prompt.clone(),
            model: input.model.clone(),
            interval: input.interval,
            count: input.count,
            started_by: actor.audit_name(),
            started_at: self.context.now(),
            ended_at: None,
            sent: 0,
            succeeded: 0,
            failed: 0,
            results: Vec::new(),
        };
        let stop = self.context.shutdown.child_token();
        self.automations.start(view.clone(), stop.clone())?;
        let detail = format!("{} calls of {}, one in {} s", input.count, input.service, input.interval);
        audit::record(&self.context, self.context.db.write(), actor, "automation.started", view.id.to_string(), detail)
            .await?;
        self.context.tracker.spawn(self.clone().run_automation(actor.clone(), view.id, input, stop));
        Ok(view)
    }

    /// Stops one, or all that run. Stopping one that is over changes nothing.
    ///
    /// # Errors
    /// Without the permission to call models, or when there is no such one.
    pub async fn stop_automation(&self, actor: &Actor, input: StopAutomation) -> Result<StoppedAutomation> {
        actor.require(Permission::Gateway)?;
        let all = self.automations.all();
        if input.id.is_some_and(|id| all.iter().all(|one| one.id != id)) {
            return Err(Error::NotFound { what: "automation" });
        }
        let now = self.context.now();
        let mut stopped = Vec::new();
        for run in self.automations.0.lock().iter_mut() {
            if run.view.ended_at.is_none() && input.id.is_none_or(|id| id == run.view.id) {
                run.stop.cancel();
                run.view.ended_at = Some(now);
                stopped.push(run.view.clone());
            }
        }
        for one in &stopped {
            audit::record(&self.context, self.context.db.write(), actor, "automation.stopped", one.id.to_string(), "")
                .await?;
        }
        Ok(StoppedAutomation { stopped })
    }

    async fn run_automation(self, actor: Actor, id: AutomationId, input: StartAutomation, stop: CancellationToken) {
        let mut turns = interval(Duration::from_secs(input.interval));
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for _ in 0..input.count {
            let asked = async {
                turns.tick().await;
                self.ask_once(&actor, &input).await
            };
            let Some(result) = stop.run_until_cancelled(asked).await else { break };
            self.automations.edit(id, |view| note(view, result));
        }
        let now = self.context.now();
        self.automations.edit(id, |view| view.ended_at = view.ended_at.or(Some(now)));
    }

    async fn ask_once(&self, actor: &Actor, input: &StartAutomation) -> AutomationResult {
        let (at, started) = (self.context.now(), Instant::now());
        let call = AiCall { service: input.service.clone(), prompt: input.prompt.clone(), model: input.model.clone() };
        let answer = self.ask(actor, call).await;
        let latency_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let nothing = AutomationResult {
            at,
            request_id: None,
            latency_ms,
            provider: None,
            model: None,
            simulated: false,
            cost_usd: None,
            response: None,
            error: None,
        };
        match answer {
            Ok(answer) => AutomationResult {
                request_id: Some(answer.request_id),
                provider: Some(answer.provider),
                model: Some(answer.model),
                simulated: answer.simulated,
                cost_usd: answer.cost_usd,
                response: Some(answer.response.chars().take(MAX_TEXT).collect()),
                ..nothing
            },
            Err(error) => AutomationResult { error: Some(in_public_words(error)), ..nothing },
        }
    }
}

fn in_public_words(error: Error) -> String {
    let error = domain::error::ApiError::from(error);
    error.fields.first().map_or(error.message, |field| field.message.clone())
}

fn note(view: &mut Automation, result: AutomationResult) {
    view.sent += 1;
    match result.error {
        None => view.succeeded += 1,
        Some(_) => view.failed += 1,
    }
    if view.results.len() == RESULTS {
        view.results.remove(0);
    }
    view.results.push(result);
}
