//! Silence: series whose samples have stopped without saying that they end.
//!
//! Always true: a silent service is one finding, however many series it has; a series that its source ended (a stale
//! marker) is not missed; the finding ends when any series of the service speaks again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use analysis::detect::Verdict;
use domain::ids::AnomalyId;
use metrics::SeriesId;

use super::change::{Change, opened};
use super::{Judge, Recorder};
use crate::context::Context;
use crate::error::Result;
use crate::metric::service_of;
use crate::task::BackgroundTask;

/// Looks for silence.
#[derive(Debug)]
pub(crate) struct Missing {
    context: Context,
    judge: Arc<Judge>,
    recorder: Recorder,
    open: HashMap<String, AnomalyId>,
}

#[derive(Default)]
struct Silence {
    silent: u32,
    /// Series that spoke within their interval.
    alive: u32,
    first: Option<(SeriesId, Verdict)>,
}

impl Missing {
    pub(crate) fn new(context: Context, judge: Arc<Judge>, open: HashMap<String, AnomalyId>) -> Self {
        let recorder = Recorder::new(context.clone());
        Self { context, judge, recorder, open }
    }

    fn listen(&self, now_ms: i64) -> BTreeMap<String, Silence> {
        let mut by_service: BTreeMap<String, Silence> = BTreeMap::new();
        for (id, judged) in &mut self.judge.bench.lock().series {
            let Some(service) = service_of(&judged.labels) else { continue };
            if judged.is_ended || judged.detector.samples() == 0 {
                continue;
            }
            let silence = match by_service.get_mut(service) {
                Some(silence) => silence,
                None => by_service.entry(service.to_owned()).or_default(),
            };
            match judged.detector.missing(now_ms) {
                Some(verdict) => {
                    silence.silent += 1;
                    silence.first.get_or_insert((*id, verdict));
                }
                None => silence.alive += 1,
            }
        }
        by_service
    }

    fn changes(&mut self, now_ms: i64) -> Vec<Change> {
        let mut changes = Vec::new();
        let heard = self.listen(now_ms);
        for (service, silence) in &heard {
            let is_silent = silence.silent > 0 && silence.alive == 0;
            match (is_silent, self.open.get(service).copied(), &silence.first) {
                (true, None, Some((id, verdict))) => {
                    let Some(change) = self.open(*id, verdict, silence.silent) else { continue };
                    if let Change::Opened { anomaly, .. } = &change {
                        self.open.insert(service.clone(), anomaly.id);
                    }
                    changes.push(change);
                }
                (false, Some(open), _) => {
                    self.open.remove(service);
                    changes.extend(
                        self.judge.resolve(open, now_ms).map(|anomaly| Change::Resolved { anomaly: Box::new(anomaly) }),
                    );
                }
                _ => {}
            }
        }
        // Services whose series have all ended or left memory are not missed any more.
        let gone: Vec<_> = self.open.keys().filter(|service| !heard.contains_key(*service)).cloned().collect();
        for service in gone {
            let resolved = self.open.remove(&service).and_then(|open| self.judge.resolve(open, now_ms));
            changes.extend(resolved.map(|anomaly| Change::Resolved { anomaly: Box::new(anomaly) }));
        }
        changes
    }

    fn open(&self, id: SeriesId, verdict: &Verdict, n: u32) -> Option<Change> {
        let bench = self.judge.bench.lock();
        let judged = bench.series.get(&id)?;
        let is_simulated = service_of(&judged.labels).is_some_and(|service| self.judge.is_simulated(service));
        let mut anomaly = opened(&judged.labels, verdict, judged.detector.settings().threshold, is_simulated);
        "missing".clone_into(&mut anomaly.detector);
        let seconds = (verdict.time_ms - judged.detector.last_time_ms().unwrap_or(verdict.time_ms)) / 1_000;
        anomaly.reason = format!("no data for {seconds} s; {n} series of {} have stopped", anomaly.service);
        "check that the sender runs and can reach Bellwether".clone_into(&mut anomaly.recommendation);
        drop(bench);
        self.judge.open.put(anomaly.clone());
        Some(Change::Opened { series: id, anomaly: Box::new(anomaly) })
    }
}

impl BackgroundTask for Missing {
    const NAME: &'static str = "missing";
    const ABOUT: &'static str = "looks for services whose data has stopped";

    fn period(&self) -> Duration {
        Duration::from_secs(5)
    }

    async fn activate(&mut self) -> Result<String> {
        let changes = self.changes(self.context.clock.now_ms());
        let n = changes.len();
        self.recorder.record(changes).await;
        Ok(format!("{n} changes, {} services silent", self.open.len()))
    }
}
