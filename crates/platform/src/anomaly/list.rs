//! Lists, single anomalies and what people say of them.
//!
//! Always true: a verdict moves the threshold of that series and of no other, within bounds, and is shown.

use analysis::detect::{Feedback as Said, feedback};
use domain::access::Permission;
use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyList, Feedback, FeedbackVerdict};
use domain::ids::AnomalyId;
use domain::page::{Page, PageRequest};
use sea_orm::TransactionTrait as _;

use super::{Anomalies, store};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Doing as _, Error, Result};

impl Anomalies {
    /// Newest first.
    ///
    /// # Errors
    /// Without the permission to observe, or when a filter is not acceptable.
    pub async fn list(&self, actor: &Actor, filter: AnomalyFilter) -> Result<AnomalyList> {
        actor.require(Permission::Observe)?;
        filter.validate()?;
        let limit = PageRequest { limit: filter.limit, cursor: None }.limit()?;
        let before: Option<AnomalyId> = filter
            .cursor
            .as_deref()
            .map(|cursor| cursor.parse().map_err(|_| Error::field("cursor", "is not a cursor of this list")))
            .transpose()?;
        let found = store::list(self.context.db.read(), &filter, before, limit + 1).await?;
        let page = Page::cut(found, limit, |anomaly| anomaly.id.to_string());
        Ok(AnomalyList { anomalies: page.items, next_cursor: page.next_cursor })
    }

    /// One anomaly.
    ///
    /// # Errors
    /// As above, or when there is no such anomaly.
    pub async fn get(&self, actor: &Actor, id: AnomalyId) -> Result<Anomaly> {
        actor.require(Permission::Observe)?;
        Ok(store::find(self.context.db.read(), id).await?.0)
    }

    /// Takes a person's verdict and moves the threshold of the series.
    ///
    /// # Errors
    /// Without the permission to operate, or when there is no such anomaly.
    pub async fn feedback(&self, actor: &Actor, id: AnomalyId, input: Feedback) -> Result<Anomaly> {
        actor.require(Permission::Operate)?;
        let (mut anomaly, series) = store::find(self.context.db.read(), id).await?;
        let current = self.judge.bench.lock().thresholds.get(&series).copied().unwrap_or(1.0);
        let said = match input.verdict {
            FeedbackVerdict::Useful => Said::Useful,
            FeedbackVerdict::Noise => Said::Noise,
        };
        let factor = feedback(current, said);
        let txn = self.context.db.write().begin().await.doing("noting feedback")?;
        store::set_feedback(&txn, id, input.verdict, factor).await?;
        store::set_threshold(&txn, series, factor, self.context.now()).await?;
        let detail = format!("threshold of {} {} from {current:.2} to {factor:.2}", anomaly.service, anomaly.metric);
        audit::record(&self.context, &txn, actor, "anomaly.feedback", id.to_string(), detail).await?;
        txn.commit().await.doing("noting feedback")?;
        self.judge.set_threshold(series, factor);
        self.open.set_feedback(id, input.verdict, factor);
        anomaly.feedback = Some(input.verdict);
        anomaly.threshold_factor = factor;
        Ok(anomaly)
    }
}
