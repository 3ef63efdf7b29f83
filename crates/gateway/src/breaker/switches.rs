//! All breakers, and what stands beside each: the time until which its provider asked to be left alone.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};

use super::history::{BreakerChange, BreakerView, Cause, SavedBreaker, State};
use super::state::{Breaker, Change, Result as CallResult, Ticket};
use crate::clock::Clock;
use crate::record::Recorder;
use crate::settings::BreakerSettings;

/// So many changes of one breaker are remembered.
const HISTORY: usize = 50;
/// So many breakers at most; beyond them models that callers make up share one per provider.
const MAX_SWITCHES: usize = 5_000;

/// What all breakers share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) settings: ArcSwap<BreakerSettings>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) recorder: Arc<dyn Recorder>,
}

/// The breaker of one provider and model.
#[derive(Debug)]
pub(crate) struct Switch {
    pub(crate) provider: Arc<str>,
    pub(crate) model: Arc<str>,
    breaker: Mutex<(Breaker, VecDeque<BreakerChange>)>,
    cooling_until_ms: AtomicI64,
    refused: AtomicU64,
    context: Arc<Context>,
}

/// Why a call may not be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The breaker is open; when it is worth asking again, in Unix milliseconds.
    Open(Option<i64>),
    /// The provider asked to be left alone until then.
    Cooling(i64),
}

/// The right to make one call. Dropped without a result it is given back.
#[derive(Debug)]
pub(crate) struct Permit {
    switch: Arc<Switch>,
    ticket: Option<Ticket>,
}

impl Permit {
    /// The call ended. `took` is until its first token, or its whole answer.
    pub(crate) fn end(mut self, is_success: bool, took: Duration) {
        let Some(ticket) = self.ticket.take() else { return };
        let settings = self.switch.context.settings.load();
        let is_slow = took.as_millis() >= u128::from(settings.slow_ms);
        let result = if is_success { CallResult::Succeeded { is_slow } } else { CallResult::Failed { is_slow } };
        self.switch.change(|breaker, now_ms| breaker.ended(now_ms, &settings, ticket, result));
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.switch.breaker.lock().0.give_back(ticket);
        }
    }
}

impl Switch {
    /// Asks for a call.
    pub(crate) fn permit(self: &Arc<Self>) -> Result<Permit, Refused> {
        let now_ms = self.context.clock.now_ms();
        let cooling = self.cooling_until_ms.load(Ordering::Relaxed);
        if cooling > now_ms {
            return Err(Refused::Cooling(cooling));
        }
        let settings = self.context.settings.load();
        let mut ticket = Err(None);
        self.change(|breaker, now_ms| match breaker.ask(now_ms, &settings) {
            Ok((given, change)) => {
                ticket = Ok(given);
                change
            }
            Err(again) => {
                ticket = Err(again);
                None
            }
        });
        match ticket {
            Ok(ticket) => Ok(Permit { switch: self.clone(), ticket: Some(ticket) }),
            Err(again) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                Err(Refused::Open(again))
            }
        }
    }

    /// The provider asked to be left alone for so long.
    pub(crate) fn cool_down(&self, wait: Duration) {
        let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let until = self.context.clock.now_ms().saturating_add(wait);
        self.cooling_until_ms.fetch_max(until, Ordering::Relaxed);
    }

    /// Opens it: for good until it is closed, or for the usual time.
    pub(crate) fn open(&self, for_good: bool, why: String) {
        let settings = self.context.settings.load();
        self.change(|breaker, now_ms| {
            let cause = Cause::Asked(why);
            Some(if for_good { breaker.force_open(now_ms, cause) } else { breaker.open(now_ms, &settings, cause) })
        });
    }

    /// Closes it and forgets what was counted.
    pub(crate) fn close(&self, why: String) {
        self.cooling_until_ms.store(0, Ordering::Relaxed);
        self.change(|breaker, now_ms| Some(breaker.close(now_ms, Cause::Asked(why))));
    }

    fn change(&self, act: impl FnOnce(&mut Breaker, i64) -> Option<Change>) {
        let at_ms = self.context.clock.now_ms();
        let told = {
            let mut guard = self.breaker.lock();
            let (breaker, history) = &mut *guard;
            let change = act(breaker, at_ms).filter(|change| change.from != change.to);
            change.map(|Change { from, to, cause }| {
                let change = BreakerChange {
                    provider: self.provider.clone(),
                    model: self.model.clone(),
                    at_ms,
                    from,
                    to,
                    cause,
                };
                if history.len() == HISTORY {
                    history.pop_front();
                }
                history.push_back(change.clone());
                change
            })
        };
        if let Some(change) = told {
            self.context.recorder.breaker_changed(&change);
        }
    }

    pub(crate) fn view(&self) -> BreakerView {
        let now_ms = self.context.clock.now_ms();
        let settings = self.context.settings.load();
        let cooling = self.cooling_until_ms.load(Ordering::Relaxed);
        let mut guard = self.breaker.lock();
        let (breaker, history) = &mut *guard;
        let counts = breaker.counts(now_ms, &settings);
        BreakerView {
            provider: self.provider.clone(),
            model: self.model.clone(),
            state: breaker.state,
            changed_ms: breaker.changed_ms,
            next_probe_ms: (breaker.state == State::Open).then_some(breaker.until_ms),
            cooling_until_ms: (cooling > now_ms).then_some(cooling),
            calls: counts.calls,
            failures: counts.failures,
            slow: counts.slow,
            consecutive_failures: breaker.consecutive_failures,
            refused: self.refused.load(Ordering::Relaxed),
            history: history.iter().cloned().collect(),
        }
    }

    fn saved(&self) -> Option<SavedBreaker> {
        let guard = self.breaker.lock();
        let (breaker, history) = &*guard;
        (!history.is_empty()).then(|| SavedBreaker {
            provider: self.provider.clone(),
            model: self.model.clone(),
            state: breaker.state,
            changed_ms: breaker.changed_ms,
            until_ms: breaker.until_ms,
            consecutive_failures: breaker.consecutive_failures,
            history: history.iter().cloned().collect(),
        })
    }
}

type Key = (Arc<str>, Arc<str>);

/// All breakers there are. They outlive settings: what a target has done is not forgotten because a route was edited.
#[derive(Debug)]
pub(crate) struct Switches {
    all: RwLock<HashMap<Key, Arc<Switch>>>,
    context: Arc<Context>,
}

impl Switches {
    pub(crate) fn new(clock: Arc<dyn Clock>, recorder: Arc<dyn Recorder>) -> Self {
        let context = Context { settings: ArcSwap::from_pointee(BreakerSettings::default()), clock, recorder };
        Self { all: RwLock::default(), context: Arc::new(context) }
    }

    pub(crate) fn configure(&self, settings: BreakerSettings) {
        self.context.settings.store(Arc::new(settings));
    }

    /// The breaker of a provider and model; made when it is asked for first.
    pub(crate) fn of(&self, provider: &Arc<str>, model: &Arc<str>) -> Arc<Switch> {
        let key = (provider.clone(), model.clone());
        if let Some(switch) = self.all.read().get(&key) {
            return switch.clone();
        }
        let mut all = self.all.write();
        let key = if all.len() < MAX_SWITCHES { key } else { (provider.clone(), "*".into()) };
        all.entry(key).or_insert_with_key(|(provider, model)| self.make(provider, model)).clone()
    }

    /// The breaker, if there is one.
    pub(crate) fn find(&self, provider: &str, model: &str) -> Option<Arc<Switch>> {
        self.all.read().get(&(provider.into(), model.into())).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Switch>> {
        let mut all: Vec<_> = self.all.read().values().cloned().collect();
        all.sort_by(|a, b| (&a.provider, &a.model).cmp(&(&b.provider, &b.model)));
        all
    }

    pub(crate) fn saved(&self) -> Vec<SavedBreaker> {
        self.all().iter().filter_map(|switch| switch.saved()).collect()
    }

    pub(crate) fn restore(&self, saved: Vec<SavedBreaker>) {
        for one in saved {
            let switch = self.of(&one.provider, &one.model);
            let mut guard = switch.breaker.lock();
            guard.0.restore(one.state, one.changed_ms, one.until_ms, one.consecutive_failures);
            guard.1 = one.history.into_iter().take(HISTORY).collect();
        }
    }

    fn make(&self, provider: &Arc<str>, model: &Arc<str>) -> Arc<Switch> {
        Arc::new(Switch {
            provider: provider.clone(),
            model: model.clone(),
            breaker: Mutex::default(),
            cooling_until_ms: AtomicI64::new(0),
            refused: AtomicU64::new(0),
            context: self.context.clone(),
        })
    }
}
