//! A database with a clock, and processes that serve it one after the other.

use std::sync::Arc;
use std::time::Duration;

use domain::metric::{IngestReport, PushSample, PushSamples};
use domain::system::SystemStatus;
use domain::{DateTime, Time};
use platform::Platform;
use platform::actor::Actor;
use platform::clock::{Clock as _, ManualClock};
use platform::config::PlatformConfig;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use serde::de::DeserializeOwned;
use tempfile::TempDir;

const DEADLINE: Duration = Duration::from_secs(30);
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) struct World {
    pub(crate) config: PlatformConfig,
    pub(crate) clock: ManualClock,
    _folder: TempDir,
}

fn section<T: DeserializeOwned>(name: &str) -> T {
    let defaults: toml::Table = include_str!("../../../../config/default.toml").parse().unwrap();
    defaults[name].clone().try_into().unwrap()
}

impl World {
    fn new(url: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = PlatformConfig {
            public_url: "http://127.0.0.1:3000".to_owned(),
            database: section("database"),
            security: section("security"),
            metrics: section("metrics"),
            scrape: section("scrape"),
            detection: section("detection"),
            retention: section("retention"),
            gateway: section("gateway"),
            demo: section("demo"),
        };
        config.database.url = url.unwrap_or_else(|| format!("sqlite:{}/test.db", folder.path().display()));
        config.security.master_key = "5e".repeat(32);
        config.scrape.host_interval_ms = 0;
        config.metrics.checkpoint_secs = 1;
        let clock = ManualClock::at(DateTime::from_timestamp_millis(1_760_000_000_000).unwrap());
        Self { config, clock, _folder: folder }
    }

    pub(crate) fn sqlite() -> Self {
        Self::new(None)
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("BELLWETHER_TEST_POSTGRES") else {
            println!("skipped: BELLWETHER_TEST_POSTGRES does not name a PostgreSQL");
            return None;
        };
        let name = format!("store_{}", uuid::Uuid::now_v7().simple());
        let connection = Database::connect(&server).await.unwrap();
        connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        connection.close().await.unwrap();
        let base = server.rsplit_once('/').unwrap().0;
        Some(Self::new(Some(format!("{base}/{name}"))))
    }

    pub(crate) async fn start(&self) -> Platform {
        self.try_start().await.unwrap()
    }

    pub(crate) async fn try_start(&self) -> platform::Result<Platform> {
        Platform::start(self.config.clone(), Arc::new(self.clock.clone()), Vec::new()).await
    }

    /// A connection of its own, as a stranger would have.
    pub(crate) async fn connection(&self) -> DatabaseConnection {
        Database::connect(&self.config.database.url).await.unwrap()
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.clock.advance(Duration::from_millis(ms.unsigned_abs()));
    }
}

/// Waits until a look finds something.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let search = async {
        let mut looks = tokio::time::interval(Duration::from_millis(20));
        loop {
            looks.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    tokio::time::timeout(DEADLINE, search).await.unwrap_or_else(|_| panic!("waited {DEADLINE:?} for: {what}"))
}

pub(crate) fn at(ms: i64) -> Time {
    DateTime::from_timestamp_millis(ms).unwrap()
}

/// Pushes samples of `queue_depth{service="mail"}` whose value is their time in seconds.
pub(crate) async fn push(platform: &Platform, times: impl Iterator<Item = i64>) -> platform::Result<IngestReport> {
    let samples = times.map(|ms| PushSample {
        service: "mail".to_owned(),
        metric: "queue_depth".to_owned(),
        value: (ms / SECOND) as f64,
        timestamp: Some(at(ms)),
        labels: std::collections::BTreeMap::new(),
    });
    platform.metrics().push(&Actor::System, PushSamples { samples: samples.collect() }).await
}

/// The stored samples of a selector in a span, both ends included.
pub(crate) async fn samples(platform: &Platform, selector: &str, from: i64, to: i64) -> Vec<(i64, f64)> {
    let query = format!("{selector}[{}ms]", to - from + 1);
    let answer = platform.metrics().query(&Actor::System, &query, Some(to)).await.unwrap();
    let answer = serde_json::to_value(&answer).unwrap();
    let Some(series) = answer["result"].get(0) else { return Vec::new() };
    let pair = |pair: &serde_json::Value| {
        let ms = (pair[0].as_f64().unwrap() * 1_000.0).round() as i64;
        (ms, pair[1].as_str().unwrap().parse().unwrap())
    };
    series["values"].as_array().unwrap().iter().map(pair).collect()
}

pub(crate) async fn status(platform: &Platform) -> SystemStatus {
    platform.system().status(&Actor::System).await.unwrap()
}

/// Whether nothing is left to be stored: everything is in chunks.
pub(crate) async fn all_in_chunks(platform: &Platform, n: u64) {
    eventually("all samples in chunks", async || {
        let metrics = status(platform).await.metrics;
        (metrics.chunk_samples == n && metrics.pending_batches == 0).then_some(())
    })
    .await;
}

/// Waits until the checkpoint has seen what is there now: it finds later that this has waited for long enough.
pub(crate) async fn checkpoints(platform: &Platform) {
    let runs = || {
        let tasks = platform.system().tasks(&Actor::System).unwrap();
        tasks.iter().find(|task| task.name == "checkpoint").map_or(0, |task| task.runs)
    };
    let before = runs();
    eventually("two checkpoints", async || (runs() >= before + 2).then_some(())).await;
}
