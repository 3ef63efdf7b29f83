//! Judges samples as they become readable.
//!
//! Always true: samples of one series are judged in order; the lock is held for one batch at a time and never across a
//! wait; series beyond the limit are stored but not judged, and that is said once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use analysis::detect::{SeriesDetector, Transition, Verdict};
use metrics::head::IdHasher;
use metrics::{Labels, SeriesId};
use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::change::{Change, opened, update};
use super::judged::Judged;
use super::rules::{kind_of, settings_of};
use super::{DetectionConfig, Open, Recorder};
use crate::catalogue::{Discoverer, Known};
use crate::context::Context;
use crate::error::OrLog as _;
use crate::metric::{Applied, service_of};

/// A score this many times the written one is written again.
const WORSE: f64 = 1.25;

#[derive(Debug, Default)]
pub(super) struct Bench {
    pub(super) series: HashMap<SeriesId, Judged, IdHasher>,
    pub(super) thresholds: HashMap<SeriesId, f64, IdHasher>,
    /// Names of services, each once.
    services: HashSet<Arc<str>>,
    pub(super) is_full: bool,
}

impl Bench {
    /// The service of a series, as all its series share it.
    pub(super) fn service(&mut self, labels: &Labels) -> Arc<str> {
        let name = service_of(labels).unwrap_or_default();
        if let Some(known) = self.services.get(name) {
            return Arc::clone(known);
        }
        let new: Arc<str> = name.into();
        self.services.insert(Arc::clone(&new));
        new
    }
}

/// Holds the detectors of all series.
#[derive(Debug)]
pub(crate) struct Judge {
    pub(super) config: DetectionConfig,
    pub(super) bench: Mutex<Bench>,
    pub(super) open: Open,
    known: Known,
}

impl Judge {
    pub(crate) fn new(config: DetectionConfig, open: Open, known: Known) -> Self {
        Self { config, bench: Mutex::default(), open, known }
    }

    /// Judges what the writer applied until it ends, and records the changes.
    pub(crate) async fn run(
        self: Arc<Self>,
        context: Context,
        mut applied: mpsc::Receiver<Applied>,
        mut recorder: Recorder,
        discoverer: Discoverer,
    ) {
        while let Some(applied) = applied.recv().await {
            self.discover(&applied, &context, &discoverer).await;
            let changes = self.judge(&applied);
            recorder.record(changes).await;
        }
        recorder.record(Vec::new()).await;
    }

    async fn discover(&self, applied: &Applied, context: &Context, discoverer: &Discoverer) {
        let mut names: Vec<_> = applied.new_series.iter().filter_map(|(_, labels)| service_of(labels)).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let is_simulated = self.known.is_simulated(name);
            discoverer.heard(name, context.clock.now_ms(), is_simulated).await.or_log("discovering a service");
        }
    }

    pub(super) fn register(&self, bench: &mut Bench, id: SeriesId, labels: &Labels) {
        if !self.config.enabled || bench.series.contains_key(&id) {
            return;
        }
        let Some(kind) = kind_of(labels, &self.config) else { return };
        if bench.series.len() >= self.config.max_series {
            if !bench.is_full {
                tracing::warn!(
                    limit = self.config.max_series,
                    "detection.max_series is reached; further series are stored but not judged"
                );
                bench.is_full = true;
            }
            return;
        }
        let threshold = bench.thresholds.get(&id).copied().unwrap_or(1.0);
        let settings = settings_of(labels.metric_name().unwrap_or_default(), threshold, &self.config);
        let service = bench.service(labels);
        bench.series.insert(id, Judged::new(labels.clone(), service, kind, SeriesDetector::new(settings)));
    }

    pub(super) fn judge(&self, applied: &Applied) -> Vec<Change> {
        let mut bench = self.bench.lock();
        for (id, labels) in &applied.new_series {
            self.register(&mut bench, *id, labels);
        }
        let mut changes = Vec::new();
        let mut heard: Option<(Arc<str>, i64)> = None;
        for (id, sample) in &applied.samples {
            let Some(judged) = bench.series.get_mut(id) else { continue };
            // Neighbours are nearly always of one service and one time.
            let is_noted =
                heard.as_ref().is_some_and(|(name, ts)| Arc::ptr_eq(name, &judged.service) && *ts >= sample.ts);
            if !is_noted {
                self.known.note(&judged.service, sample.ts);
                heard = Some((Arc::clone(&judged.service), sample.ts));
            }
            if let Some(verdict) = judged.observe(*sample)
                && let Some(change) = self.change(*id, judged, &verdict)
            {
                changes.push(change);
            }
        }
        changes
    }

    /// What a verdict means for the series' anomaly.
    pub(super) fn change(&self, id: SeriesId, judged: &mut Judged, verdict: &Verdict) -> Option<Change> {
        match (verdict.transition, judged.open) {
            // Ongoing when the series ended amid an anomaly, which was resolved then, and is back as bad as it was.
            (Transition::Opened | Transition::Ongoing, None) => {
                let is_simulated = self.known.is_simulated(&judged.service);
                let anomaly = opened(&judged.labels, verdict, judged.detector.settings().threshold, is_simulated);
                judged.open = Some(anomaly.id);
                judged.written_score = verdict.score;
                self.open.put(anomaly.clone());
                Some(Change::Opened { series: id, anomaly: Box::new(anomaly) })
            }
            (Transition::Opened | Transition::Ongoing, Some(open)) if verdict.score > judged.written_score * WORSE => {
                judged.written_score = verdict.score;
                let mut anomaly = self.open.get(open)?;
                update(&mut anomaly, verdict);
                self.open.put(anomaly.clone());
                Some(Change::Worse { anomaly: Box::new(anomaly) })
            }
            (Transition::Closed(_), Some(open)) => {
                judged.open = None;
                let anomaly = self.resolve(open, verdict.time_ms)?;
                Some(Change::Resolved { anomaly: Box::new(anomaly) })
            }
            _ => None,
        }
    }

    pub(super) fn resolve(&self, id: domain::ids::AnomalyId, at_ms: i64) -> Option<domain::anomaly::Anomaly> {
        let mut anomaly = self.open.get(id)?;
        anomaly.status = domain::anomaly::AnomalyStatus::Resolved;
        anomaly.resolved_at = Some(crate::clock::from_ms(at_ms));
        self.open.put(anomaly.clone());
        Some(anomaly)
    }

    pub(super) fn is_simulated(&self, service: &str) -> bool {
        self.known.is_simulated(service)
    }

    /// The expected range of a series at its last sample.
    pub(crate) fn expected(&self, id: SeriesId) -> Option<(f64, f64)> {
        self.bench.lock().series.get(&id)?.expected
    }

    /// Moves the threshold of a series.
    pub(super) fn set_threshold(&self, id: SeriesId, factor: f64) {
        let mut bench = self.bench.lock();
        bench.thresholds.insert(id, factor);
        if let Some(judged) = bench.series.get_mut(&id) {
            let mut settings = judged.detector.settings().clone();
            settings.threshold = factor;
            judged.detector.set_settings(settings);
        }
    }
}
