//! What detectors have learned, over a restart.
//!
//! Always true: a detector goes on from its saved state and the samples since; an anomaly that is open in the database
//! is open in its detector or is resolved.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use analysis::detect::SeriesDetector;
use domain::ids::AnomalyId;

use super::change::Change;
use super::judged::Judged;
use super::rules::{kind_of, settings_of};
use super::{Judge, Recorder, store};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::metric::{Engine, series_id};
use crate::task::BackgroundTask;

const PAGE: u64 = 1_000;

/// Saves detectors.
#[derive(Debug)]
pub(crate) struct States {
    context: Context,
    judge: Arc<Judge>,
}

impl States {
    pub(crate) fn new(context: Context, judge: Arc<Judge>) -> Self {
        Self { context, judge }
    }

    /// Saves what has changed since the last time.
    pub(crate) async fn save(&self) -> Result<usize> {
        let mut states = Vec::new();
        for (id, judged) in &mut self.judge.bench.lock().series {
            if std::mem::take(&mut judged.is_changed) {
                let state =
                    serde_json::to_vec(&judged.detector).map_err(|e| Error::internal("saving a detector", e))?;
                states.push((*id, judged.detector.last_time_ms().unwrap_or_default(), state));
            }
        }
        let n = states.len();
        store::save_states(self.context.db.write(), states).await?;
        Ok(n)
    }
}

impl BackgroundTask for States {
    const NAME: &'static str = "detectors";
    const ABOUT: &'static str = "saves what detectors have learned";

    fn period(&self) -> Duration {
        Duration::from_secs(300)
    }

    async fn activate(&mut self) -> Result<String> {
        Ok(format!("{} detectors saved", self.save().await?))
    }
}

impl Judge {
    /// Goes on where the last process stopped. Answers with silent services' open anomalies.
    pub(crate) async fn load(&self, context: &Context, engine: &Engine) -> Result<HashMap<String, AnomalyId>> {
        let db = context.db.read();
        self.bench.lock().thresholds = store::list_thresholds(db).await?.into_iter().collect();
        let mut silent = HashMap::new();
        let mut open = HashMap::new();
        for (series, anomaly) in store::list_open(db).await? {
            self.open.put(anomaly.clone());
            if anomaly.detector == "missing" && anomaly.metric != "up" {
                silent.insert(anomaly.service, anomaly.id);
            } else {
                open.insert(series, anomaly.id);
            }
        }
        self.load_detectors(context, engine).await?;
        let changes = self.catch_up(engine, &mut open, context.clock.now_ms());
        Recorder::new(context.clone()).record(changes).await;
        Ok(silent)
    }

    async fn load_detectors(&self, context: &Context, engine: &Engine) -> Result<()> {
        let mut after = i64::MIN;
        loop {
            let page = store::list_states(context.db.read(), after, PAGE).await?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            let mut bench = self.bench.lock();
            for (stored, state) in page {
                let id = series_id(stored);
                let Some(labels) = engine.head.labels(id) else { continue };
                let Some(kind) = kind_of(&labels, &self.config) else { continue };
                // A state that an older version wrote and this one cannot read is learned anew.
                let Ok(mut detector) = serde_json::from_slice::<SeriesDetector>(&state) else { continue };
                let threshold = bench.thresholds.get(&id).copied().unwrap_or(1.0);
                detector.set_settings(settings_of(labels.metric_name().unwrap_or_default(), threshold, &self.config));
                let service = bench.service(&labels);
                bench.series.insert(id, Judged::new(labels, service, kind, detector));
            }
        }
    }

    /// Judges what arrived after the states were saved.
    fn catch_up(&self, engine: &Engine, open: &mut HashMap<metrics::SeriesId, AnomalyId>, now_ms: i64) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut bench = self.bench.lock();
        for id in engine.head.select(&[]) {
            let Some(labels) = engine.head.labels(id) else { continue };
            self.register(&mut bench, id, &labels);
            let Some(judged) = bench.series.get_mut(&id) else { continue };
            judged.open = open.remove(&id);
            let mut samples = Vec::new();
            let last_ms = judged.detector.last_time_ms();
            if let Some(last_ms) = last_ms
                && engine.head.read(id, last_ms, last_ms, &mut samples).is_ok()
            {
                samples.drain(..).for_each(|sample| judged.recall(sample));
            }
            let since = last_ms.map_or(i64::MIN, |at| at + 1);
            if engine.head.read(id, since, i64::MAX, &mut samples).is_err() {
                continue;
            }
            for sample in samples {
                if let Some(verdict) = judged.observe(sample)
                    && let Some(change) = self.change(id, judged, &verdict)
                {
                    changes.push(change);
                }
            }
            if let Some(stale) = judged.open.filter(|_| !judged.is_alarming()) {
                judged.open = None;
                changes
                    .extend(self.resolve(stale, now_ms).map(|anomaly| Change::Resolved { anomaly: Box::new(anomaly) }));
            }
        }
        // Their series are gone: nobody will ever close them.
        for (_, id) in open.drain() {
            changes.extend(self.resolve(id, now_ms).map(|anomaly| Change::Resolved { anomaly: Box::new(anomaly) }));
        }
        changes
    }
}
