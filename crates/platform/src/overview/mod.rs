//! What pages show, made in one go: the Overview and one service.
//!
//! Always true: series are thinned to what is drawn; nothing here is known that the other capabilities do not know.

mod chart;
mod figures;
mod service;
mod summary;

use std::sync::Arc;

use domain::access::Permission;
use domain::anomaly::AnomalyFilter;
use domain::overview::{Overview, TimeRange};

use self::figures::Figures;
use crate::actor::Actor;
use crate::anomaly::{Anomalies, Judge, Open};
use crate::catalogue::{Catalogue, HealthReader};
use crate::context::Context;
use crate::error::Result;
use crate::gateway::Gateway;
use crate::metric::Metrics;
use crate::target::Targets;

/// Anomalies on the Overview.
const NEWEST: u64 = 8;

/// Makes pages' data.
#[derive(Clone, Debug)]
pub struct Overviews {
    context: Context,
    metrics: Metrics,
    anomalies: Anomalies,
    catalogue: Catalogue,
    targets: Targets,
    gateway: Gateway,
    open: Open,
    judge: Arc<Judge>,
    health: HealthReader,
    figures: Figures,
}

/// Its parts.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) metrics: Metrics,
    pub(crate) anomalies: Anomalies,
    pub(crate) catalogue: Catalogue,
    pub(crate) targets: Targets,
    pub(crate) gateway: Gateway,
    pub(crate) open: Open,
    pub(crate) judge: Arc<Judge>,
    pub(crate) health: HealthReader,
}

impl Overviews {
    pub(crate) fn new(context: Context, parts: Parts) -> Self {
        let Parts { metrics, anomalies, catalogue, targets, gateway, open, judge, health } = parts;
        let figures = Figures::new(context.clone(), metrics.clone());
        Self { context, metrics, anomalies, catalogue, targets, gateway, open, judge, health, figures }
    }

    /// The Overview.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn overview(&self, actor: &Actor, range: TimeRange) -> Result<Overview> {
        actor.require(Permission::Observe)?;
        let newest = AnomalyFilter { limit: Some(NEWEST), ..AnomalyFilter::default() };
        Ok(Overview {
            at: self.context.now(),
            figures: self.figures.of(actor, range).await?,
            services: self.catalogue.health(actor).await?,
            anomalies: self.anomalies.list(actor, newest).await?.anomalies,
            open_anomalies: u32::try_from(self.open.len()).unwrap_or(u32::MAX),
            has_targets: !self.targets.list(actor).await?.is_empty(),
            is_demo: self.context.config.demo.enabled,
        })
    }
}
