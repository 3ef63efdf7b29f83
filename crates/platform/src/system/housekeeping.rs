//! Deletes what is over: log-ins, links, old events, old anomalies.
//!
//! Always true: each class has its own retention; a class that fails does not keep the others.

use std::time::Duration;

use crate::context::Context;
use crate::error::Result;
use crate::task::BackgroundTask;
use crate::{anomaly, auth, gateway, stream};

/// Tidies up.
#[derive(Debug)]
pub(crate) struct Housekeeping {
    context: Context,
}

impl Housekeeping {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }
}

impl BackgroundTask for Housekeeping {
    const NAME: &'static str = "housekeeping";
    const ABOUT: &'static str = "deletes log-ins, links, events, anomalies and calls that are over";

    fn period(&self) -> Duration {
        Duration::from_secs(3_600)
    }

    async fn activate(&mut self) -> Result<String> {
        let (now, db) = (self.context.now(), self.context.db.write());
        let before = |days: u32| now - Duration::from_secs(u64::from(days) * 86_400);
        let retention = &self.context.config.retention;
        let sessions = auth::expire(db, now).await;
        let events = stream::expire(db, before(retention.event_days)).await;
        let anomalies = anomaly::expire(db, before(retention.anomaly_days)).await;
        let calls = gateway::expire(db, before(self.context.config.gateway.request_days)).await;
        Ok(format!(
            "deleted {} log-ins and links, {} events, {} anomalies, {} calls",
            sessions?, events?, anomalies?, calls?
        ))
    }
}
