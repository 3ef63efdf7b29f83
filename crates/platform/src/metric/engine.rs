//! What is held in memory, and how much has passed through.
//!
//! Always true: counters only grow; a series' catalogue name is its `service` label, else `service_name`, else `job`.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use domain::metric::IngestReport;
use domain::system::MetricStoreStatus;
use metrics::{Head, HeadConfig, Labels};

use super::MetricsConfig;
use super::totals::StoredTotals;

/// The recent samples and the counts.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) head: Head,
    /// Number of the newest batch that is readable, whole.
    pub(super) last_seq: AtomicU64,
    /// Batches that are stored and not yet superseded by chunks.
    pub(super) pending: AtomicU64,
    /// What is in chunks.
    pub(super) totals: StoredTotals,
    /// Bytes of the newest commit, if it failed.
    pub(crate) unstored: AtomicUsize,
    accepted: AtomicU64,
    duplicate: AtomicU64,
    late: AtomicU64,
    over_limit: AtomicU64,
}

impl Engine {
    pub(crate) fn new(config: &MetricsConfig) -> Self {
        let head = Head::new(HeadConfig { max_series: config.max_series, ..HeadConfig::default() });
        Self {
            head,
            last_seq: AtomicU64::new(0),
            pending: AtomicU64::new(0),
            totals: StoredTotals::default(),
            unstored: AtomicUsize::new(0),
            accepted: AtomicU64::new(0),
            duplicate: AtomicU64::new(0),
            late: AtomicU64::new(0),
            over_limit: AtomicU64::new(0),
        }
    }

    pub(crate) fn count(&self, report: IngestReport) {
        self.accepted.fetch_add(report.accepted, Ordering::Relaxed);
        self.duplicate.fetch_add(report.duplicate, Ordering::Relaxed);
        self.late.fetch_add(report.late, Ordering::Relaxed);
        self.over_limit.fetch_add(report.over_limit, Ordering::Relaxed);
    }

    /// What is known without asking the database.
    pub(crate) fn status(&self) -> MetricStoreStatus {
        let totals = self.totals.now();
        MetricStoreStatus {
            chunks: totals.chunks,
            chunk_bytes: totals.bytes,
            chunk_samples: totals.samples,
            series: self.head.n_series() as u64,
            samples_accepted: self.accepted.load(Ordering::Relaxed),
            samples_duplicate: self.duplicate.load(Ordering::Relaxed),
            samples_late: self.late.load(Ordering::Relaxed),
            samples_over_limit: self.over_limit.load(Ordering::Relaxed),
            pending_batches: self.pending.load(Ordering::Relaxed),
        }
    }
}

/// The labels that name the service of a series; the first that is there counts.
pub(crate) const SERVICE_LABELS: [&str; 3] = ["service", "service_name", "job"];

/// Name of the service a series belongs to.
pub(crate) fn service_of(labels: &Labels) -> Option<&str> {
    SERVICE_LABELS.into_iter().find_map(|name| labels.get(name)).filter(|name| !name.is_empty())
}
