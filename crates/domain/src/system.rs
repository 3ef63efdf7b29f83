//! How Bellwether itself is doing.
//!
//! Always true: secrets are masked before they get here.

use serde::{Deserialize, Serialize};

use crate::{DateTime, Utc};

/// One background task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskStatus {
    pub name: String,
    /// What it is for, in words.
    pub about: String,
    /// Milliseconds between runs when nobody wakes it.
    pub period_ms: u64,
    pub is_running: bool,
    pub last_started_at: Option<DateTime<Utc>>,
    pub last_duration_ms: Option<f64>,
    /// What the last run did, in words.
    pub last_report: Option<String>,
    /// What went wrong in the last run, if it failed.
    pub last_error: Option<String>,
    pub runs: u64,
    pub failures: u64,
}

/// The database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatabaseStatus {
    /// `sqlite` or `postgres`.
    pub backend: String,
    pub is_reachable: bool,
    /// Milliseconds of a round trip.
    pub latency_ms: Option<f64>,
    pub size_bytes: Option<i64>,
    pub error: Option<String>,
    /// Name of the newest migration that ran.
    pub migration: Option<String>,
}

/// The embedded metric store.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricStoreStatus {
    pub series: u64,
    /// Samples accepted since the start.
    pub samples_accepted: u64,
    pub samples_duplicate: u64,
    pub samples_late: u64,
    pub samples_over_limit: u64,
    /// Compressed chunks on disk.
    pub chunks: u64,
    pub chunk_bytes: u64,
    pub chunk_samples: u64,
    /// Batches that are durable but not yet in a chunk.
    pub pending_batches: u64,
}

/// What one run of the retention did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetentionReport {
    /// Raw samples that became part of a rolled-up one.
    pub samples_rolled_up: u64,
    pub rollup_chunks_written: u64,
    pub raw_chunks_deleted: u64,
    pub rollup_chunks_deleted: u64,
    /// Log-ins, one-time links and counts of failed log-ins that were over.
    pub logins_deleted: u64,
    pub events_deleted: u64,
    pub anomalies_deleted: u64,
    pub audit_entries_deleted: u64,
    /// Calls through the gateway.
    pub calls_deleted: u64,
}

/// Everything of the System page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemStatus {
    pub version: String,
    pub started_at: DateTime<Utc>,
    /// Bytes resident of this process.
    pub resident_bytes: Option<u64>,
    pub database: DatabaseStatus,
    pub metrics: MetricStoreStatus,
    pub stream: crate::event::StreamStatus,
    pub tasks: Vec<TaskStatus>,
}

/// One dependency of readiness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadinessLine {
    pub name: String,
    pub is_ok: bool,
    pub detail: String,
}

/// One setting in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConfigLine {
    pub key: String,
    /// Masked where it is a secret.
    pub value: String,
}
