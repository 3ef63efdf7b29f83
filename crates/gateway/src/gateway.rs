//! The handle: what the rest of the product calls.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::json;

use crate::allowance::{Allowances, BudgetView, Spent};
use crate::breaker::{BreakerView, SavedBreaker, Switches};
use crate::cache::Cache;
use crate::call::{self, Answer};
use crate::chaos::{Experiment, ExperimentView, Laboratory};
use crate::clock::Clock;
use crate::door::Refusal;
use crate::record::Recorder;
use crate::request::{Door, Request};
use crate::safety::{Judge, ModelError};
use crate::settings::{Problem, Settings};
use crate::snapshot::Snapshot;
use crate::upstream::Upstream;

/// What all calls share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) upstream: Upstream,
    pub(crate) switches: Switches,
    pub(crate) snapshot: ArcSwap<Snapshot>,
    pub(crate) allowances: Allowances,
    pub(crate) laboratory: Laboratory,
    pub(crate) cache: Cache,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) recorder: Arc<dyn Recorder>,
    pub(crate) judge: Arc<Judge>,
    /// Counts calls, so that weights are drawn evenly.
    pub(crate) draws: AtomicU64,
}

/// The gateway. Cloning it is cheap; all clones are one gateway.
#[derive(Clone, Debug)]
pub struct Gateway {
    shared: Arc<Shared>,
}

/// The gateway could not be made.
#[derive(Debug, thiserror::Error)]
pub enum NotBuilt {
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The files of `config/safety` do not fit together.
    #[error("the safety judge cannot be set up: {0}")]
    Safety(#[from] ModelError),
}

impl Gateway {
    /// A gateway without providers and routes.
    ///
    /// # Errors
    /// Only when the TLS library refuses its own defaults, or the safety judge was built from files that do not fit together.
    pub fn new(clock: Arc<dyn Clock>, recorder: Arc<dyn Recorder>) -> Result<Self, NotBuilt> {
        let shared = Shared {
            upstream: Upstream::new()?,
            switches: Switches::new(clock.clone(), recorder.clone()),
            snapshot: ArcSwap::default(),
            allowances: Allowances::default(),
            laboratory: Laboratory::new(clock.clone(), recorder.clone()),
            cache: Cache::default(),
            clock,
            recorder,
            judge: Arc::new(Judge::standard()?),
            draws: AtomicU64::new(0),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Makes settings effective for all calls that begin from now on.
    ///
    /// # Errors
    /// All that is wrong with them; then nothing changes.
    pub fn configure(&self, settings: Settings) -> Result<(), Vec<Problem>> {
        let problems = settings.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        self.shared.switches.configure(settings.breakers);
        self.shared.allowances.configure(&settings.budgets, &settings.rate_limits);
        let snapshot = Snapshot::new(settings, &self.shared.switches);
        self.shared.snapshot.store(Arc::new(snapshot));
        self.shared.cache.clear();
        Ok(())
    }

    /// Whoever judges prompts and answers.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.shared.judge
    }

    /// The settings that are effective now, keys included.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.shared.snapshot.load().settings.clone()
    }

    /// Answers a call. Never fails: what goes wrong is an error answer in the shape of the door. Dropping the future is hanging up.
    pub async fn call(&self, request: Request) -> Answer {
        match Door::at(&request.path) {
            Some(door) if request.method == Method::POST => call::run(self.shared.clone(), door, request).await,
            Some(_) => {
                let refusal = Refusal::new(405, "method_not_allowed", "this address takes POST only");
                Answer::error(Door::at(&request.path), &refusal, &request.id)
            }
            None => self.models(&request),
        }
    }

    /// `GET /v1/models` and `GET /v1/models/{name}`: the routes, in `OpenAI`'s shape or, to those who send its header, in Anthropic's.
    fn models(&self, request: &Request) -> Answer {
        let not_found = |message: String| {
            let refusal = Refusal { param: Some("model"), ..Refusal::new(404, "model_not_found", message) };
            Answer::error(None, &refusal, &request.id)
        };
        let Some(rest) = request.path.strip_prefix("/v1/models").filter(|_| request.method == Method::GET) else {
            return not_found(format!("there is nothing at {} {}", request.method, request.path));
        };
        let snapshot = self.shared.snapshot.load();
        let names = snapshot.settings.routes.iter().map(|route| route.name.as_str()).filter(|name| *name != "*");
        let is_anthropic = request.headers.contains_key("anthropic-version");
        let one = |name: &str| match is_anthropic {
            true => json!({"id": name, "type": "model", "display_name": name, "created_at": "1970-01-01T00:00:00Z"}),
            false => json!({"id": name, "object": "model", "created": 0, "owned_by": "bellwether"}),
        };
        let document = match rest.trim_matches('/') {
            "" => {
                let data: Vec<_> = names.map(one).collect();
                let (first, last) = (data.first().map(|m| m["id"].clone()), data.last().map(|m| m["id"].clone()));
                match is_anthropic {
                    true => json!({"data": data, "has_more": false, "first_id": first, "last_id": last}),
                    false => json!({"object": "list", "data": data}),
                }
            }
            asked => match names.into_iter().find(|name| *name == asked) {
                Some(name) => one(name),
                None => return not_found(format!("there is no route called `{asked}`")),
            },
        };
        Answer::json(200, HeaderMap::new(), Bytes::from(document.to_string()))
    }

    /// All breakers, by provider and model.
    #[must_use]
    pub fn breakers(&self) -> Vec<BreakerView> {
        self.shared.switches.all().iter().map(|switch| switch.view()).collect()
    }

    /// Opens a breaker, for good or until its recovery time is over. False: there is none for this provider and model.
    pub fn open_breaker(&self, provider: &str, model: &str, for_good: bool, why: &str) -> bool {
        let switch = self.shared.switches.find(provider, model);
        switch.inspect(|switch| switch.open(for_good, why.to_owned())).is_some()
    }

    /// Closes a breaker and forgets what it has counted. False: there is none for this provider and model.
    pub fn close_breaker(&self, provider: &str, model: &str, why: &str) -> bool {
        let switch = self.shared.switches.find(provider, model);
        switch.inspect(|switch| switch.close(why.to_owned())).is_some()
    }

    /// Closes all breakers; answers how many there are.
    pub fn reset_breakers(&self, why: &str) -> usize {
        let all = self.shared.switches.all();
        all.iter().for_each(|switch| switch.close(why.to_owned()));
        all.len()
    }

    /// What is to be kept of the breakers over a restart. Those that never changed are not in it.
    #[must_use]
    pub fn saved_breakers(&self) -> Vec<SavedBreaker> {
        self.shared.switches.saved()
    }

    /// Takes what was kept. To be called before the first call.
    pub fn restore_breakers(&self, saved: Vec<SavedBreaker>) {
        self.shared.switches.restore(saved);
    }

    /// Starts a chaos experiment. It ends by itself at its `ends_ms`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn start_experiment(&self, experiment: Experiment) -> Result<ExperimentView, Vec<Problem>> {
        self.shared.laboratory.start(experiment)
    }

    /// Goes on with an experiment that was running before a restart, to the same end and with the same counts.
    pub fn resume_experiment(&self, view: &ExperimentView) {
        self.shared.laboratory.resume(view);
    }

    /// Stops an experiment; false when it does not run.
    pub fn stop_experiment(&self, id: &str) -> bool {
        self.shared.laboratory.stop(id)
    }

    /// Stops all experiments; answers how many ran.
    pub fn stop_experiments(&self) -> usize {
        self.shared.laboratory.stop_all()
    }

    /// The experiments that run, and up to 200 that ran, the newest last. Asking also ends those whose time is over, and so tells the
    /// recorder; ask every few seconds while any runs.
    #[must_use]
    pub fn experiments(&self) -> Vec<ExperimentView> {
        self.shared.laboratory.views()
    }

    /// All budgets as they stand.
    #[must_use]
    pub fn budgets(&self) -> Vec<BudgetView> {
        self.shared.allowances.views(self.shared.clock.now_ms())
    }

    /// Takes what budgets had spent. To be called after the first [`Gateway::configure`] and before the first call.
    pub fn restore_spending(&self, spent: &[Spent]) {
        self.shared.allowances.restore(spent);
    }
}
