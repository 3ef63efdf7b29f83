//! Wakes a task from anywhere, before and after the task exists.
//!
//! Always true: waking is remembered, so a wake during a run leads to one more run; many wakes lead to one.

use std::sync::Arc;

use tokio::sync::Notify;

/// Wakes one task.
#[derive(Clone, Debug, Default)]
pub struct Activator(Arc<Notify>);

impl Activator {
    /// Asks the task to run soon.
    pub fn activate(&self) {
        self.0.notify_one();
    }

    pub(super) async fn activated(&self) {
        self.0.notified().await;
    }
}
