//! Computes the signals of services from what has just arrived and puts them into the store as samples.
//!
//! Always true: a signal of a service is computed at most once a second and only when data of that service arrived;
//! a service without an answer gets no sample.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use metrics::query::{EvalRange, Limits, Query, Selection, Series, Value};
use metrics::{Batch, Labels, Matcher, Sample};
use parking_lot::Mutex;

use super::engine::SERVICE_LABELS;
use super::signal_rules::{SIGNALS, Signal};
use super::{Engine, Writer, engine};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::task::{Activator, BackgroundTask};

#[derive(Debug, Default)]
struct Marks {
    services: BTreeSet<String>,
    is_pushed: bool,
}

/// Which services have new data.
#[derive(Clone, Debug)]
pub(crate) struct Dirty {
    marks: Arc<Mutex<Marks>>,
    activator: Activator,
}

impl Dirty {
    pub(crate) fn new(activator: Activator) -> Self {
        Self { marks: Arc::default(), activator }
    }

    /// New data of a service was scraped: compute at once.
    pub(crate) fn mark_scraped(&self, service: &str) {
        self.marks.lock().services.insert(service.to_owned());
        self.activator.activate();
    }

    /// New data of some services was pushed: compute in the next round.
    pub(crate) fn mark_all<'a>(&self, services: impl Iterator<Item = &'a str>) {
        let mut marks = self.marks.lock();
        for service in services {
            if !marks.services.contains(service) {
                marks.services.insert(service.to_owned());
            }
        }
    }

    /// Data of nobody knows which services was pushed.
    pub(crate) fn mark_pushed(&self) {
        self.marks.lock().is_pushed = true;
    }
}

/// Computes signals.
#[derive(Debug)]
pub(crate) struct Signals {
    context: Context,
    engine: Arc<Engine>,
    writer: Writer,
    dirty: Dirty,
    rules: Vec<(Signal, Vec<Query>)>,
    computed_ms: HashMap<String, i64>,
}

impl Signals {
    pub(crate) fn new(context: Context, engine: Arc<Engine>, writer: Writer, dirty: Dirty) -> Result<Self> {
        let parse = |text: &&str| {
            // A matcher that every service has and that is replaced before reading.
            Query::parse(&text.replace("$s", "service=\"\""))
                .map_err(|e| Error::internal("reading the signal rules", e.to_string()))
        };
        let rules = SIGNALS
            .iter()
            .map(|signal| Ok((*signal, signal.rules.iter().map(parse).collect::<Result<Vec<_>>>()?)))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { context, engine, writer, dirty, rules, computed_ms: HashMap::new() })
    }

    /// Services that are due, and not those that were computed within the last second.
    fn due(&mut self, now_ms: i64) -> Vec<String> {
        let mut marks = std::mem::take(&mut *self.dirty.marks.lock());
        if marks.is_pushed {
            for label in SERVICE_LABELS {
                marks.services.extend(self.engine.head.label_values(label, &[]));
            }
        }
        let (due, early): (Vec<_>, Vec<_>) = marks
            .services
            .into_iter()
            .partition(|service| self.computed_ms.get(service).is_none_or(|&at| now_ms - at >= 1_000));
        self.dirty.marks.lock().services.extend(early);
        due
    }

    fn data(&self, selections: &[Selection], service: &str) -> Result<Vec<Vec<Series>>> {
        selections.iter().map(|selection| self.select(selection, service)).collect()
    }

    /// Signals look back a minute, which is always in memory.
    fn select(&self, selection: &Selection, service: &str) -> Result<Vec<Series>> {
        let others = selection.matchers.iter().filter(|matcher| matcher.name() != "service");
        let matchers: Vec<_> = others.cloned().collect();
        let head = &self.engine.head;
        // The labels in their order: the next one counts where those before are absent.
        let mut ids = Vec::new();
        for (i, label) in SERVICE_LABELS.iter().enumerate() {
            let own = Matcher::equal(*label, service);
            let absent = SERVICE_LABELS[..i].iter().map(|label| Matcher::equal(*label, ""));
            let all: Vec<_> = matchers.iter().cloned().chain([own]).chain(absent).collect();
            ids = head.select(&all);
            if !ids.is_empty() {
                break;
            }
        }
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let mut samples = Vec::new();
            head.read(id, selection.start_ms, selection.end_ms, &mut samples)
                .map_err(|e| Error::internal("reading samples", e))?;
            if let (false, Some(labels)) = (samples.is_empty(), head.labels(id)) {
                found.push(Series { labels, samples });
            }
        }
        Ok(found)
    }

    fn compute(&self, queries: &[Query], service: &str, now_ms: i64) -> Result<Option<f64>> {
        let at = EvalRange::instant(now_ms);
        for query in queries {
            let data = self.data(&query.selections(at), service)?;
            // Without any input `or vector(0)` would still answer: that is no measurement.
            if data.iter().all(Vec::is_empty) {
                continue;
            }
            let value = query
                .eval(&data, at, Limits::default())
                .map_err(|e| Error::internal("computing a signal", e.to_string()))?;
            if let Value::Vector(elements) = value
                && let Some(element) = elements.first()
                && element.sample.value.is_finite()
            {
                return Ok(Some(element.sample.value));
            }
        }
        Ok(None)
    }

    fn put(&self, batch: &mut Batch, service: &str, now_ms: i64) -> Result<()> {
        for (signal, queries) in &self.rules {
            let labels = Labels::from_pairs([("__name__", signal.name), ("service", service)])
                .map_err(|e| Error::internal("naming a signal", e))?;
            // Its own, if it exports one: then there are more labels than ours or samples that are not ours.
            let own =
                self.engine.head.select(&[Matcher::equal("__name__", signal.name), Matcher::equal("service", service)]);
            if own.iter().any(|id| *id != labels.id()) {
                continue;
            }
            if let Some(value) = self.compute(queries, service, now_ms)? {
                let id = self
                    .engine
                    .head
                    .resolve(&labels, batch)
                    .map_err(|e| Error::internal("making room for a signal", e))?;
                batch.push(id, Sample::new(now_ms, value));
            }
        }
        Ok(())
    }
}

impl BackgroundTask for Signals {
    const NAME: &'static str = "signals";
    const ABOUT: &'static str =
        "computes request rate, errors, latency, CPU and memory of services from what they export";

    fn period(&self) -> Duration {
        Duration::from_secs(self.context.config.metrics.signal_interval_secs)
    }

    async fn activate(&mut self) -> Result<String> {
        let now_ms = self.context.clock.now_ms();
        let due = self.due(now_ms);
        let mut batch = Batch::default();
        for service in &due {
            self.put(&mut batch, service, now_ms)?;
            self.computed_ms.insert(service.clone(), now_ms);
        }
        let n = batch.n_samples();
        self.writer.commit(batch).await?;
        Ok(format!("{n} signals of {} services", due.len()))
    }
}

/// Name under which a signal of a service is held.
pub(crate) fn signal_id(signal: &str, service: &str) -> Option<metrics::SeriesId> {
    Labels::from_pairs([("__name__", signal), ("service", service)]).ok().map(|labels| labels.id())
}

/// The newest value of a signal, if it is not older than `since_ms`.
pub(crate) fn latest(engine: &engine::Engine, signal: &str, service: &str, since_ms: i64) -> Option<f64> {
    let id = signal_id(signal, service)?;
    engine.head.last(id).filter(|sample| sample.ts >= since_ms && sample.value.is_finite()).map(|sample| sample.value)
}
