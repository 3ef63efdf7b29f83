//! How Bellwether itself is doing.
//!
//! Always true: readiness says no while the database does not take writes; nothing here holds a secret.

mod housekeeping;
mod readiness;

use std::sync::Arc;

use domain::Time;
use domain::access::Permission;
use domain::system::{
    ConfigLine, DatabaseStatus, MetricStoreStatus, ReadinessLine, RetentionReport, SystemStatus, TaskStatus,
};
use sea_orm::DbBackend;

pub(crate) use housekeeping::Housekeeping;

use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::metric::{Engine, Retention};
use crate::stream::Stream;
use crate::task::Driver;
use readiness::Readiness;

/// Knows how everything is.
#[derive(Clone, Debug)]
pub struct System {
    context: Context,
    engine: Arc<Engine>,
    stream: Stream,
    driver: Driver,
    readiness: Readiness,
    retention: Retention,
    started_at: Time,
    /// The effective configuration, secrets masked.
    config_lines: Arc<Vec<ConfigLine>>,
}

impl System {
    pub(crate) fn new(
        context: Context,
        engine: Arc<Engine>,
        stream: Stream,
        driver: Driver,
        retention: Retention,
        config_lines: Vec<ConfigLine>,
    ) -> Self {
        let started_at = context.now();
        let readiness = Readiness::new(context.clone(), Arc::clone(&engine));
        Self { context, engine, stream, driver, readiness, retention, started_at, config_lines: Arc::new(config_lines) }
    }

    /// Everything of the System page.
    ///
    /// # Errors
    /// Without the permission to govern. A database that is away is part of the answer, not an error.
    pub async fn status(&self, actor: &Actor) -> Result<SystemStatus> {
        actor.require(Permission::Govern)?;
        Ok(SystemStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.started_at,
            resident_bytes: resident_bytes(),
            database: self.database(actor).await?,
            metrics: self.engine.status(),
            stream: self.stream.status(actor)?,
            tasks: self.driver.statuses(),
        })
    }

    /// The samples that came in and what became of them, without asking the database.
    ///
    /// # Errors
    /// Without the permission to observe.
    pub fn metric_store(&self, actor: &Actor) -> Result<MetricStoreStatus> {
        actor.require(Permission::Observe)?;
        Ok(self.engine.status())
    }

    /// Rolls up and deletes now what is past its retention. It goes on when nobody waits for the report any more.
    ///
    /// # Errors
    /// Without the permission to govern, or when the database fails; what was done until then stays done.
    pub async fn run_retention(&self, actor: &Actor) -> Result<RetentionReport> {
        actor.require(Permission::Govern)?;
        let this = self.clone();
        let run = self.context.tracker.spawn(async move {
            let mut report = this.retention.sweep().await?;
            Housekeeping::new(this.context.clone()).tidy(&mut report).await?;
            Ok::<_, Error>(report)
        });
        let report = run.await.map_err(|e| Error::internal("running the retention", e))??;
        let detail = format!("{} samples rolled up", report.samples_rolled_up);
        audit::record(&self.context, self.context.db.write(), actor, "retention.run", "retention", detail).await?;
        Ok(report)
    }

    /// The background tasks.
    ///
    /// # Errors
    /// Without the permission to govern.
    pub fn tasks(&self, actor: &Actor) -> Result<Vec<TaskStatus>> {
        actor.require(Permission::Govern)?;
        Ok(self.driver.statuses())
    }

    /// The database.
    ///
    /// # Errors
    /// Without the permission to govern.
    pub async fn database(&self, actor: &Actor) -> Result<DatabaseStatus> {
        actor.require(Permission::Govern)?;
        let db = &self.context.db;
        let backend = if db.backend() == DbBackend::Sqlite { "sqlite" } else { "postgres" };
        let started = std::time::Instant::now();
        let ping = db.ping().await;
        let latency_ms = started.elapsed().as_secs_f64() * 1_000.0;
        Ok(DatabaseStatus {
            backend: backend.to_owned(),
            is_reachable: ping.is_ok(),
            latency_ms: ping.is_ok().then_some(latency_ms),
            size_bytes: db.size_bytes().await.ok().flatten(),
            error: ping.err().map(|error| error.chain()),
            migration: db.migration().await.ok().flatten(),
        })
    }

    /// The effective configuration.
    ///
    /// # Errors
    /// Without the permission to govern.
    pub fn config(&self, actor: &Actor) -> Result<Vec<ConfigLine>> {
        actor.require(Permission::Govern)?;
        Ok(self.config_lines.as_ref().clone())
    }

    /// One line a dependency. Open to all, so it says what is the matter and no detail.
    pub async fn readiness(&self) -> Vec<ReadinessLine> {
        self.readiness.lines().await
    }
}

/// Bytes resident of this process, where the system tells.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1_024)
}
