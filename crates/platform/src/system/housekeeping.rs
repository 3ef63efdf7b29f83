//! Deletes what is over: log-ins, links, old events, anomalies, entries of the audit trail and calls.
//!
//! Always true: each class has its own retention; a class that fails does not keep the others.

use std::time::Duration;

use domain::system::RetentionReport;

use crate::context::Context;
use crate::error::Result;
use crate::task::BackgroundTask;
use crate::{anomaly, audit, auth, gateway, stream};

/// Tidies up.
#[derive(Clone, Debug)]
pub(crate) struct Housekeeping {
    context: Context,
}

impl Housekeeping {
    pub(crate) fn new(context: Context) -> Self {
        Self { context }
    }

    /// Deletes what is over and adds what that was to the report.
    pub(super) async fn tidy(&self, report: &mut RetentionReport) -> Result<()> {
        let (now, db) = (self.context.now(), self.context.db.write());
        let before = |days: u32| now - Duration::from_secs(u64::from(days) * 86_400);
        let retention = &self.context.config.retention;
        let logins = auth::expire(db, now).await;
        let events = stream::expire(db, before(retention.event_days)).await;
        let anomalies = anomaly::expire(db, before(retention.anomaly_days)).await;
        let entries = audit::expire(db, before(retention.audit_days)).await;
        let calls = {
            let days = self.context.config.gateway.request_days;
            gateway::expire(db, before(days), before(retention.rollup_days)).await
        };
        report.logins_deleted += logins?;
        report.events_deleted += events?;
        report.anomalies_deleted += anomalies?;
        report.audit_entries_deleted += entries?;
        report.calls_deleted += calls?;
        Ok(())
    }
}

impl BackgroundTask for Housekeeping {
    const NAME: &'static str = "housekeeping";
    const ABOUT: &'static str = "deletes log-ins, links, events, anomalies, audit entries and calls that are over";

    fn period(&self) -> Duration {
        Duration::from_secs(3_600)
    }

    async fn activate(&mut self) -> Result<String> {
        let mut done = RetentionReport::default();
        self.tidy(&mut done).await?;
        Ok(format!(
            "deleted {} log-ins and links, {} events, {} anomalies, {} audit entries, {} calls",
            done.logins_deleted,
            done.events_deleted,
            done.anomalies_deleted,
            done.audit_entries_deleted,
            done.calls_deleted
        ))
    }
}
