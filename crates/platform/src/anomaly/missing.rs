//! Silence: series whose samples have stopped without saying that they end.
//!
//! Always true: a silent service is one finding, however many series it has; a series that its source ended (a stale
//! marker) is not missed, and what was wrong with it is over; the finding ends when any series of the service speaks
//! again; the time in which Bellwether itself was not there is nobody's silence.

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

/// How long a series must have ended before what was wrong with it is over, while others of its service go on: a target
/// that misses one scrape ends all its series for a moment.
const ENDED_MS: i64 = 300_000;
/// Samples from which a detector knows how often its series speaks.
const RHYTHM: u64 = 9;
/// How long a series without a rhythm counts as there.
const UNTOLD_MS: i64 = 600_000;

/// Looks for silence.
#[derive(Debug)]
pub(crate) struct Missing {
    context: Context,
    judge: Arc<Judge>,
    recorder: Recorder,
    open: HashMap<String, AnomalyId>,
    /// Since when Bellwether listens.
    since_ms: i64,
}

#[derive(Default)]
struct Silence {
    silent: u32,
    /// Series that spoke within their interval.
    alive: u32,
    /// Series that have not spoken since Bellwether listens, which may be too short.
    unheard: u32,
    first: Option<(SeriesId, Verdict)>,
}

impl Missing {
    pub(crate) fn new(context: Context, judge: Arc<Judge>, open: HashMap<String, AnomalyId>) -> Self {
        let recorder = Recorder::new(context.clone());
        let since_ms = context.clock.now_ms();
        Self { context, judge, recorder, open, since_ms }
    }

    fn listen(&self, now_ms: i64) -> BTreeMap<String, Silence> {
        let mut by_service: BTreeMap<String, Silence> = BTreeMap::new();
        for (id, judged) in &mut self.judge.bench.lock().series {
            let Some(service) = service_of(&judged.labels) else { continue };
            if judged.ended_ms.is_some() || judged.detector.samples() == 0 {
                continue;
            }
            let silence = match by_service.get_mut(service) {
                Some(silence) => silence,
                None => by_service.entry(service.to_owned()).or_default(),
            };
            let last_ms = judged.detector.last_time_ms().unwrap_or(now_ms);
            let unheard_ms = (self.since_ms - last_ms).max(0);
            match judged.detector.missing(now_ms - unheard_ms) {
                Some(mut verdict) => {
                    verdict.time_ms = now_ms;
                    silence.silent += 1;
                    silence.first.get_or_insert((*id, verdict));
                }
                // Too few samples to tell how often it speaks: after a while it does not vouch for the others.
                None if judged.detector.samples() < RHYTHM && now_ms - last_ms > UNTOLD_MS => {}
                None if unheard_ms > 0 => silence.unheard += 1,
                None => silence.alive += 1,
            }
        }
        by_service
    }

    /// Resolves what was wrong with series that have ended: at once where nothing of the service goes on.
    fn resolve_ended(&self, heard: &BTreeMap<String, Silence>, now_ms: i64) -> Vec<Change> {
        let mut over = Vec::new();
        for judged in self.judge.bench.lock().series.values_mut() {
            let Some(ended_ms) = judged.ended_ms else { continue };
            let goes_on = service_of(&judged.labels).is_some_and(|service| heard.contains_key(service));
            if !goes_on || now_ms - ended_ms >= ENDED_MS {
                over.extend(judged.open.take());
            }
        }
        over.into_iter().filter_map(|open| self.resolve(open, now_ms)).collect()
    }

    fn resolve(&self, open: AnomalyId, now_ms: i64) -> Option<Change> {
        self.judge.resolve(open, now_ms).map(|anomaly| Change::Resolved { anomaly: Box::new(anomaly) })
    }

    fn changes(&mut self, now_ms: i64) -> Vec<Change> {
        let heard = self.listen(now_ms);
        let mut changes = self.resolve_ended(&heard, now_ms);
        for (service, silence) in &heard {
            let is_silent = silence.silent > 0 && silence.alive == 0 && silence.unheard == 0;
            match (self.open.get(service).copied(), &silence.first) {
                (None, Some((id, verdict))) if is_silent => {
                    let Some(change) = self.open(*id, verdict, silence.silent) else { continue };
                    if let Change::Opened { anomaly, .. } = &change {
                        self.open.insert(service.clone(), anomaly.id);
                    }
                    changes.push(change);
                }
                (Some(open), _) if silence.alive > 0 => {
                    self.open.remove(service);
                    changes.extend(self.resolve(open, now_ms));
                }
                _ => {}
            }
        }
        // Services whose series have all ended or left memory are not missed any more.
        let gone: Vec<_> = self.open.keys().filter(|service| !heard.contains_key(*service)).cloned().collect();
        for service in gone {
            let resolved = self.open.remove(&service).and_then(|open| self.resolve(open, now_ms));
            changes.extend(resolved);
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
