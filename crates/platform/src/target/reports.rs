//! How the last scrape of each target went, in memory.

use std::collections::HashMap;
use std::sync::Arc;

use domain::ids::TargetId;
use domain::target::ScrapeReport;
use parking_lot::RwLock;

/// The last reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reports(Arc<RwLock<HashMap<TargetId, ScrapeReport>>>);

impl Reports {
    pub(crate) fn get(&self, id: TargetId) -> Option<ScrapeReport> {
        self.0.read().get(&id).cloned()
    }

    /// Answers with the report before.
    pub(crate) fn put(&self, id: TargetId, report: ScrapeReport) -> Option<ScrapeReport> {
        self.0.write().insert(id, report)
    }

    pub(crate) fn remove(&self, id: TargetId) {
        self.0.write().remove(&id);
    }
}
