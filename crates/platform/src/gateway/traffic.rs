//! Calls as samples of their services: the `ai_*` metrics of the contract.
//!
//! Always true: every call is counted once, under the service that made it and the model that answered; the number of
//! groups is bounded, and what is beyond it is counted under `other`, so that callers cannot make up series.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use ::gateway::Record;
use ::gateway::safety::Kind;
use domain::access::Permission;
use metrics::{Batch, Labels, Sample};

use super::Gateway;
use crate::actor::Actor;
use crate::catalogue::Discoverer;
use crate::error::{Error, Result};
use crate::metric::{Dirty, Engine, Writer};
use crate::task::BackgroundTask;

/// Groups of service, provider and model.
const MAX_GROUPS: usize = 2_000;

/// Upper bounds of the buckets of `ai_response_time_ms`, in milliseconds.
const BUCKETS: [u32; 16] =
    [5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000];

/// Who called what.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Group {
    service: String,
    provider: String,
    model: String,
}

/// What is counted of a group.
#[derive(Clone, Debug, Default)]
struct Counts {
    by_status: HashMap<u16, u64>,
    buckets: [u64; BUCKETS.len()],
    n: u64,
    sum_ms: f64,
    tokens_in: u64,
    tokens_out: u64,
    cost_nano: u64,
    /// By metric and label: calls with an attack, a doubtful answer, an incident.
    safety: BTreeMap<(&'static str, &'static str, &'static str), u64>,
    is_simulated: bool,
    has_news: bool,
}

/// Counts since the start of the process.
#[derive(Debug, Default)]
pub(super) struct Totals {
    groups: HashMap<Group, Counts>,
}

impl Totals {
    #[expect(clippy::cast_precision_loss, reason = "microseconds beyond 2^53 do not occur")]
    pub(super) fn count(&mut self, record: &Record) {
        let group = Group {
            service: record.caller.service.clone(),
            provider: record.provider.as_deref().unwrap_or("none").to_owned(),
            model: record.model.as_deref().unwrap_or("none").to_owned(),
        };
        let is_known = self.groups.contains_key(&group) || self.groups.len() < MAX_GROUPS;
        let group = if is_known { group } else { other() };
        let counts = self.groups.entry(group).or_default();
        *counts.by_status.entry(record.status).or_default() += 1;
        let ms = record.total_us as f64 / 1_000.0;
        if let Some(bucket) = BUCKETS.iter().zip(&mut counts.buckets).find(|(bound, _)| ms <= f64::from(**bound)) {
            *bucket.1 += 1;
        }
        counts.n += 1;
        counts.sum_ms += ms;
        counts.tokens_in += record.usage.input;
        counts.tokens_out += record.usage.output;
        counts.cost_nano += record.cost_nano.unwrap_or_default();
        for kind in Kind::ALL {
            let of_kind = record.safety.iter().filter(|found| found.finding.kind == kind);
            let Some(worst) = of_kind.map(|found| found.finding.severity).max() else { continue };
            let metric = match kind {
                Kind::Injection => Some(("ai_prompt_injection_attempts_total", "severity")),
                Kind::Hallucination => Some(("ai_hallucination_flags_total", "risk")),
                _ => None,
            };
            for (name, label, value) in metric.map(|(name, label)| (name, label, worst.name())).into_iter().chain([(
                "ai_security_incidents_total",
                "type",
                kind.name(),
            )]) {
                *counts.safety.entry((name, label, value)).or_default() += 1;
            }
        }
        counts.is_simulated |= record.is_simulated;
        counts.has_news = true;
    }

    fn take_news(&mut self) -> Vec<(Group, Counts)> {
        let news = |(group, counts): (&Group, &mut Counts)| {
            std::mem::take(&mut counts.has_news).then(|| (group.clone(), counts.clone()))
        };
        self.groups.iter_mut().filter_map(news).collect()
    }

    fn all(&self) -> Vec<(Group, Counts)> {
        let mut all: Vec<_> = self.groups.iter().map(|(group, counts)| (group.clone(), counts.clone())).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }
}

fn other() -> Group {
    Group { service: "other".to_owned(), provider: "other".to_owned(), model: "other".to_owned() }
}

#[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 do not occur")]
fn samples(group: &Group, counts: &Counts) -> Vec<(Vec<(&'static str, String)>, f64)> {
    let named = |name: &str, more: &[(&'static str, String)]| {
        let mut labels = vec![
            ("__name__", name.to_owned()),
            ("service", group.service.clone()),
            ("provider", group.provider.clone()),
            ("model", group.model.clone()),
        ];
        labels.extend_from_slice(more);
        labels
    };
    let mut out = Vec::new();
    for (status, n) in &counts.by_status {
        out.push((named("ai_requests_total", &[("status", status.to_string())]), *n as f64));
    }
    let mut below = 0;
    for (bound, n) in BUCKETS.iter().zip(&counts.buckets) {
        below += n;
        out.push((named("ai_response_time_ms_bucket", &[("le", bound.to_string())]), below as f64));
    }
    out.push((named("ai_response_time_ms_bucket", &[("le", "+Inf".to_owned())]), counts.n as f64));
    out.push((named("ai_response_time_ms_count", &[]), counts.n as f64));
    out.push((named("ai_response_time_ms_sum", &[]), counts.sum_ms));
    out.push((named("ai_tokens_total", &[("type", "input".to_owned())]), counts.tokens_in as f64));
    out.push((named("ai_tokens_total", &[("type", "output".to_owned())]), counts.tokens_out as f64));
    out.push((named("ai_cost_dollars_total", &[]), counts.cost_nano as f64 / 1e9));
    for ((name, label, value), n) in &counts.safety {
        out.push((named(name, &[(label, (*value).to_owned())]), *n as f64));
    }
    out
}

fn labels(pairs: Vec<(&'static str, String)>) -> Result<Labels> {
    Labels::from_pairs(pairs).map_err(|e| Error::internal("naming traffic", e))
}

impl Gateway {
    /// The `ai_*` samples of all calls since the start of the process, group by group: OpenMetrics wants the samples of one
    /// histogram beside each other.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub fn traffic(&self, actor: &Actor) -> Result<Vec<(Labels, f64)>> {
        actor.require(Permission::Observe)?;
        let all = self.recorder.totals.lock().all();
        let mut out = Vec::new();
        for (group, counts) in &all {
            for (pairs, value) in samples(group, counts) {
                out.push((labels(pairs)?, value));
            }
        }
        Ok(out)
    }

    /// Calls that could not be written to the history, since the start.
    #[must_use]
    pub fn lost_records(&self) -> u64 {
        self.recorder.lost()
    }
}

/// Puts the counts into the metric store.
#[derive(Debug)]
pub(crate) struct Traffic {
    gateway: Gateway,
    engine: Arc<Engine>,
    writer: Writer,
    discoverer: Discoverer,
    dirty: Dirty,
}

impl Traffic {
    pub(crate) fn new(
        gateway: &Gateway,
        engine: Arc<Engine>,
        writer: Writer,
        discoverer: Discoverer,
        dirty: Dirty,
    ) -> Self {
        Self { gateway: gateway.clone(), engine, writer, discoverer, dirty }
    }
}

impl BackgroundTask for Traffic {
    const NAME: &'static str = "traffic";
    const ABOUT: &'static str =
        "turns calls through the gateway into samples of their services; keeps breakers and experiments";

    fn period(&self) -> Duration {
        Duration::from_secs(2)
    }

    async fn activate(&mut self) -> Result<String> {
        let recorder = &self.gateway.recorder;
        if recorder.take_breakers_changed() {
            self.gateway.save_breakers().await?;
        }
        self.gateway.keep_experiments().await?;
        let news = recorder.totals.lock().take_news();
        let now_ms = self.gateway.context.clock.now_ms();
        let mut batch = Batch::default();
        for (group, counts) in &news {
            for (pairs, value) in samples(group, counts) {
                let labels = labels(pairs)?;
                let id = self.engine.head.resolve(&labels, &mut batch);
                let id = id.map_err(|e| Error::internal("making room for traffic", e))?;
                batch.push(id, Sample::new(now_ms, value));
            }
        }
        for (group, counts) in &news {
            self.discoverer.heard(&group.service, now_ms, counts.is_simulated).await?;
            self.dirty.mark_scraped(&group.service);
        }
        self.writer.commit(batch).await?;
        Ok(format!("{} groups of calls", news.len()))
    }
}
