//! The experiments that run, and those that ran.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::decide::{Effect, Place, effect, is_in_scope};
use super::experiment::{End, Experiment, ExperimentView, Fault};
use crate::clock::Clock;
use crate::record::Recorder;
use crate::settings::Problem;

/// So many experiments that are over are remembered.
const REMEMBERED: usize = 200;
/// So many may run at a time.
const MAX_RUNNING: usize = 50;
/// An experiment is not judged by fewer calls.
const ABORT_CALLS: u64 = 20;

/// An experiment that runs.
#[derive(Debug)]
pub(crate) struct Live {
    experiment: Experiment,
    calls: AtomicU64,
    touched: AtomicU64,
    errors: AtomicU64,
    fail_overs: AtomicU64,
    failed_calls: AtomicU64,
    added_ms: AtomicU64,
}

/// The experiments a call was exposed to: each with whether it was touched.
#[derive(Debug, Default)]
pub(crate) struct Exposure(Vec<(Arc<Live>, bool)>);

/// What is done to one attempt.
#[derive(Debug, Default)]
pub(crate) struct Injected {
    pub(crate) effects: Vec<Effect>,
    /// The experiments that did it.
    pub(crate) by: Vec<String>,
}

/// All experiments.
#[derive(Debug)]
pub(crate) struct Laboratory {
    running: ArcSwap<Vec<Arc<Live>>>,
    over: Mutex<VecDeque<ExperimentView>>,
    clock: Arc<dyn Clock>,
    recorder: Arc<dyn Recorder>,
}

impl Laboratory {
    pub(crate) fn new(clock: Arc<dyn Clock>, recorder: Arc<dyn Recorder>) -> Self {
        Self { running: ArcSwap::default(), over: Mutex::default(), clock, recorder }
    }

    pub(crate) fn start(&self, experiment: Experiment) -> Result<ExperimentView, Vec<Problem>> {
        let problem = |(field, message)| Problem { field, message };
        let mut problems: Vec<_> = experiment.problems().into_iter().map(problem).collect();
        let running = self.running.load();
        if running.len() >= MAX_RUNNING {
            problems.push(problem(("id".to_owned(), format!("{MAX_RUNNING} experiments are running already"))));
        }
        if running.iter().any(|live| live.experiment.id == experiment.id) {
            problems.push(problem(("id".to_owned(), "an experiment with this id is running already".to_owned())));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let live = Arc::new(Live::new(experiment));
        self.running.rcu(|running| running.iter().cloned().chain([live.clone()]).collect::<Vec<_>>());
        Ok(live.view(None))
    }

    /// Goes on with one that ran in another process, with what that had counted. One whose time is over ends at once.
    pub(crate) fn resume(&self, view: &ExperimentView) {
        let live = Arc::new(Live::resumed(view));
        self.running.rcu(|running| running.iter().cloned().chain([live.clone()]).collect::<Vec<_>>());
    }

    /// Stops one; false when it does not run.
    pub(crate) fn stop(&self, id: &str) -> bool {
        let found = self.running.load().iter().find(|live| live.experiment.id == id).cloned();
        found.is_some_and(|live| self.end(&live, End::Stopped))
    }

    pub(crate) fn stop_all(&self) -> usize {
        self.running.load_full().iter().filter(|live| self.end(live, End::Stopped)).count()
    }

    /// Those that run, and those that ran, the newest last. Those whose time is over are ended.
    pub(crate) fn views(&self) -> Vec<ExperimentView> {
        self.sweep();
        let mut views: Vec<_> = self.over.lock().iter().cloned().collect();
        views.extend(self.running.load().iter().map(|live| live.view(None)));
        views
    }

    /// Ends those whose time is over.
    pub(crate) fn sweep(&self) {
        let now_ms = self.clock.now_ms();
        for live in self.running.load_full().iter().filter(|live| live.experiment.ends_ms <= now_ms) {
            self.end(live, End::Elapsed);
        }
    }

    /// What is done to an attempt. Costs nothing while nothing runs.
    pub(crate) fn touch(&self, place: &Place<'_>, exposure: &mut Exposure) -> Injected {
        let running = self.running.load();
        let mut injected = Injected::default();
        if running.is_empty() {
            return injected;
        }
        let now_ms = self.clock.now_ms();
        for live in running.iter().filter(|live| is_in_scope(&live.experiment, place, now_ms)) {
            let effect = effect(&live.experiment, place, now_ms);
            exposure.note(live, effect.is_some());
            if let Some(effect) = effect {
                if let Effect::Delay(delay) = effect {
                    live.added_ms.fetch_add(u64::try_from(delay.as_millis()).unwrap_or(0), Relaxed);
                }
                injected.effects.push(effect);
                injected.by.push(live.experiment.id.clone());
            }
        }
        injected
    }

    /// A call would have gone here, had it not been kept from it.
    pub(crate) fn expose(&self, place: &Place<'_>, exposure: &mut Exposure) {
        let running = self.running.load();
        if running.is_empty() {
            return;
        }
        let now_ms = self.clock.now_ms();
        for live in running.iter().filter(|live| is_in_scope(&live.experiment, place, now_ms)) {
            exposure.note(live, false);
        }
    }

    /// A call that was exposed is over.
    pub(crate) fn call_over(&self, exposure: Exposure, is_failed: bool, attempts: usize) {
        for (live, is_touched) in exposure.0 {
            let calls = live.calls.fetch_add(1, Relaxed) + 1;
            let failed = live.failed_calls.fetch_add(u64::from(is_failed), Relaxed) + u64::from(is_failed);
            if is_touched {
                live.touched.fetch_add(1, Relaxed);
                live.errors.fetch_add(u64::from(is_failed), Relaxed);
                let is_saved = !is_failed && attempts > 1 && !matches!(live.experiment.fault, Fault::Latency { .. });
                live.fail_overs.fetch_add(u64::from(is_saved), Relaxed);
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of calls fit")]
            let is_too_much = |above: f64| calls >= ABORT_CALLS && failed as f64 > above * calls as f64;
            if live.experiment.abort_above.is_some_and(is_too_much) {
                self.end(&live, End::Aborted);
            }
        }
    }

    fn end(&self, live: &Arc<Live>, end: End) -> bool {
        let before = self
            .running
            .rcu(|running| running.iter().filter(|other| !Arc::ptr_eq(other, live)).cloned().collect::<Vec<_>>());
        if !before.iter().any(|other| Arc::ptr_eq(other, live)) {
            return false;
        }
        let now_ms = self.clock.now_ms();
        // Nobody may have looked when its time was over.
        let ended_ms = if end == End::Elapsed { now_ms.min(live.experiment.ends_ms) } else { now_ms };
        let view = live.view(Some((end, ended_ms)));
        let mut over = self.over.lock();
        if over.len() == REMEMBERED {
            over.pop_front();
        }
        over.push_back(view.clone());
        drop(over);
        self.recorder.experiment_ended(&view);
        true
    }
}

impl Exposure {
    fn note(&mut self, live: &Arc<Live>, is_touched: bool) {
        match self.0.iter_mut().find(|(known, _)| Arc::ptr_eq(known, live)) {
            Some((_, touched)) => *touched |= is_touched,
            None => self.0.push((live.clone(), is_touched)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Live {
    fn new(experiment: Experiment) -> Self {
        let zero = AtomicU64::default;
        Self {
            experiment,
            calls: zero(),
            touched: zero(),
            errors: zero(),
            fail_overs: zero(),
            failed_calls: zero(),
            added_ms: zero(),
        }
    }

    fn resumed(view: &ExperimentView) -> Self {
        Self {
            experiment: view.experiment.clone(),
            calls: view.calls.into(),
            touched: view.touched.into(),
            errors: view.errors.into(),
            fail_overs: view.fail_overs.into(),
            failed_calls: view.failed_calls.into(),
            added_ms: view.added_ms.into(),
        }
    }

    fn view(&self, end: Option<(End, i64)>) -> ExperimentView {
        let (end, ended_ms) = end.unzip();
        ExperimentView {
            experiment: self.experiment.clone(),
            end,
            ended_ms,
            calls: self.calls.load(Relaxed),
            touched: self.touched.load(Relaxed),
            errors: self.errors.load(Relaxed),
            fail_overs: self.fail_overs.load(Relaxed),
            failed_calls: self.failed_calls.load(Relaxed),
            added_ms: self.added_ms.load(Relaxed),
        }
    }
}
