//! Scrapes one target again and again.
//!
//! Always true: scrapes of one target never overlap; their phase is spread by the target's id, so that a thousand
//! targets do not fire at once; what a scrape brings is durable before its report says so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::metric::IngestReport;
use domain::target::{ScrapeReport, Target};
use metrics::head::{Scrape, TimeBounds};
use metrics::{Labels, SeriesId};
use reqwest::Client;
use sea_orm::TransactionTrait as _;
use tokio_util::sync::CancellationToken;

use super::Reports;
use super::fetch::fetch;
use super::outbound::AddressPolicy;
use super::scrape::{Taken, finish, take};
use crate::catalogue::Discoverer;
use crate::context::Context;
use crate::error::{Doing as _, OrLog as _, Result};
use crate::metric::{Dirty, Engine, Writer};
use crate::stream::NewEvent;

/// Times an exporter gives are believed this far back.
const MAX_PAST_MS: i64 = 45 * 86_400_000;

/// What every scraper needs.
#[derive(Clone, Debug)]
pub(crate) struct ScrapeContext {
    pub(crate) context: Context,
    pub(crate) engine: Arc<Engine>,
    pub(crate) writer: Writer,
    pub(crate) client: Client,
    pub(crate) reports: Reports,
    pub(crate) discoverer: Discoverer,
    pub(crate) dirty: Dirty,
}

/// One target's scraper.
#[derive(Debug)]
pub(super) struct Scraper {
    shared: ScrapeContext,
    target: Target,
    labels: Labels,
    policy: AddressPolicy,
    /// Of the last scrape, sorted.
    series: Vec<SeriesId>,
}

impl Scraper {
    pub(super) fn new(shared: ScrapeContext, target: Target) -> Self {
        let labels = labels_of(&target);
        let policy = AddressPolicy { allow_private: shared.context.config.scrape.allow_private_addresses };
        Self { shared, target, labels, policy, series: Vec::new() }
    }

    /// Scrapes until cancelled.
    pub(super) async fn run(mut self, cancelled: CancellationToken) {
        let interval = Duration::from_millis(u64::from(self.target.interval_ms));
        let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + self.phase(interval), interval);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                biased;
                () = cancelled.cancelled() => return,
                _ = ticks.tick() => {}
            }
            tokio::select! {
                biased;
                () = cancelled.cancelled() => return,
                () = self.scrape() => {}
            }
        }
    }

    /// At most a second, so that a new target is seen at once; by the id, so that many do not come together.
    fn phase(&self, interval: Duration) -> Duration {
        let spread = u32::try_from(self.target.id.0.as_u128() % 1_000).unwrap_or_default();
        interval.min(Duration::from_secs(1)) * spread / 1_000
    }

    async fn scrape(&mut self) {
        let now = self.shared.context.now();
        let started = Instant::now();
        let outcome = self.fetch_and_take(now.timestamp_millis()).await;
        let (taken, error) = match outcome {
            Ok(taken) => {
                let warning =
                    taken.first_refusal.as_ref().map(|why| format!("{} samples refused: {why}", taken.refused));
                (taken, warning)
            }
            Err(error) => (Taken::default(), Some(error)),
        };
        self.shared.engine.count(IngestReport { over_limit: taken.refused, ..IngestReport::default() });
        let is_up = taken.samples > 0 || error.is_none();
        let (samples, at_ms) = (u32::try_from(taken.samples).unwrap_or(u32::MAX), now.timestamp_millis());
        let committed = self.store(taken, is_up, started.elapsed(), at_ms).await;
        let error = error.or(committed.err().map(|e| e.to_string()));
        let duration_ms = started.elapsed().as_secs_f64() * 1_000.0;
        let report = ScrapeReport { at: now, is_up, duration_ms, samples, error };
        self.report(report).await.or_log("reporting a scrape");
    }

    async fn fetch_and_take(&self, now_ms: i64) -> std::result::Result<Taken, String> {
        let config = &self.shared.context.config;
        let timeout = Duration::from_millis(u64::from(self.target.timeout_ms));
        let fetched =
            fetch(&self.shared.client, self.policy, &self.target.url, timeout, config.scrape.max_body_bytes).await?;
        let ahead_ms = i64::from(config.metrics.max_future_minutes) * 60_000;
        let scrape = Scrape {
            source: source(&self.target),
            target: &self.labels,
            ts: now_ms,
            bounds: TimeBounds { min: now_ms - MAX_PAST_MS, max: now_ms + ahead_ms },
        };
        let sample_limit = usize::try_from(self.target.sample_limit).unwrap_or(usize::MAX);
        take(&fetched, &self.shared.engine.head, &scrape, sample_limit)
    }

    async fn store(&mut self, mut taken: Taken, is_up: bool, took: Duration, at_ms: i64) -> Result<()> {
        let own = [
            ("up", f64::from(u8::from(is_up))),
            ("scrape_duration_seconds", took.as_secs_f64()),
            ("scrape_samples_scraped", taken.samples as f64),
        ];
        finish(&mut taken, &self.series, &self.shared.engine.head, &self.labels, at_ms, &own);
        self.shared.discoverer.heard(&self.target.service, at_ms, self.target.is_simulated).await?;
        self.shared.writer.commit(taken.batch).await?;
        self.series = taken.series;
        if is_up {
            self.shared.dirty.mark_scraped(&self.target.service);
        }
        Ok(())
    }

    async fn report(&self, report: ScrapeReport) -> Result<()> {
        let before = self.shared.reports.put(self.target.id, report.clone());
        let was_up = before.is_none_or(|before| before.is_up);
        if was_up == report.is_up {
            return Ok(());
        }
        let context = &self.shared.context;
        let name = if report.is_up { "target.up" } else { "target.down" };
        let target = Target { last_scrape: Some(report), ..self.target.clone() };
        let event = NewEvent::about(name, context.now(), Some(target.service.clone()), "target", &target)?;
        let txn = context.db.write().begin().await.doing("reporting a scrape")?;
        context.bus.commit(txn, vec![event], "reporting a scrape").await
    }
}

/// The labels that every series of a target carries.
pub(super) fn labels_of(target: &Target) -> Labels {
    let instance = reqwest::Url::parse(&target.url).ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some(url.port_or_known_default().map_or(host.clone(), |port| format!("{host}:{port}")))
    });
    let own = [("service", target.service.clone()), ("instance", instance.unwrap_or_default())];
    let given = target.labels.iter().filter(|(name, _)| *name != "service" && *name != "instance");
    let pairs = own.into_iter().chain(given.map(|(name, value)| (name.as_str(), value.clone())));
    Labels::from_pairs(pairs.filter(|(_, value)| !value.is_empty())).unwrap_or_else(|_| Labels::empty())
}

/// A number no other target has: ids are random but for their time, so folding them keeps them apart.
#[expect(clippy::cast_possible_truncation, reason = "both halves are meant")]
const fn source(target: &Target) -> u64 {
    let id = target.id.0.as_u128();
    (id >> 64) as u64 ^ id as u64
}
