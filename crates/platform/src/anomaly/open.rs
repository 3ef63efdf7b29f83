//! The anomalies that are open right now, in memory, for pages and health.
//!
//! Always true: what is here is in the database as open, but for the moment between a commit and its announcement.

use std::collections::HashMap;
use std::sync::Arc;

use domain::anomaly::{Anomaly, AnomalyStatus, FeedbackVerdict};
use domain::ids::AnomalyId;
use parking_lot::RwLock;

/// Open anomalies by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open(Arc<RwLock<HashMap<AnomalyId, Anomaly>>>);

impl Open {
    pub(super) fn put(&self, anomaly: Anomaly) {
        let mut open = self.0.write();
        if anomaly.status == AnomalyStatus::Open {
            open.insert(anomaly.id, anomaly);
        } else {
            open.remove(&anomaly.id);
        }
    }

    pub(super) fn get(&self, id: AnomalyId) -> Option<Anomaly> {
        self.0.read().get(&id).cloned()
    }

    pub(super) fn set_feedback(&self, id: AnomalyId, verdict: FeedbackVerdict, threshold_factor: f64) {
        if let Some(anomaly) = self.0.write().get_mut(&id) {
            anomaly.feedback = Some(verdict);
            anomaly.threshold_factor = threshold_factor;
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.read().len()
    }

    /// Those of one service.
    pub(crate) fn of_service(&self, service: &str) -> Vec<Anomaly> {
        self.0.read().values().filter(|anomaly| anomaly.service == service).cloned().collect()
    }
}
