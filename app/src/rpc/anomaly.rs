//! Anomalies and what people think of them.

use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyList, FeedbackVerdict};
use domain::ids::AnomalyId;
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};

/// Anomalies, newest first.
#[server(prefix = "/rpc", endpoint = "anomalies", input = server_fn::codec::Json)]
pub async fn anomalies(filter: AnomalyFilter) -> Result<AnomalyList, Failure> {
    let (platform, actor) = request().await?;
    platform.anomalies().list(&actor, filter).await.reply()
}

/// One anomaly.
#[server(name = AnomalyCall, prefix = "/rpc", endpoint = "anomaly", input = server_fn::codec::Json)]
pub async fn anomaly(id: String) -> Result<Anomaly, Failure> {
    let (platform, actor) = request().await?;
    let id = crate::forms::id(&id, "anomaly").reply()?;
    platform.anomalies().get(&actor, id).await.reply()
}

/// Says whether an anomaly was useful or noise.
#[server(prefix = "/rpc", endpoint = "give_feedback")]
pub async fn give_feedback(id: AnomalyId, verdict: FeedbackVerdict) -> Result<Anomaly, Failure> {
    let (platform, actor) = request().await?;
    platform.anomalies().feedback(&actor, id, domain::anomaly::Feedback { verdict }).await.reply()
}
