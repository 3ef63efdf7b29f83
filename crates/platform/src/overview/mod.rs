//! What pages show, made in one go: the Overview and one service.
//!
//! Always true: series are thinned to what is drawn; nothing here is known that the other capabilities do not know.

mod chart;
mod service;

use std::sync::Arc;

use domain::access::Permission;
use domain::anomaly::AnomalyFilter;
use domain::overview::{Figure, Overview, TimeRange};

use crate::actor::Actor;
use crate::anomaly::{Anomalies, Judge, Open};
use crate::catalogue::{Catalogue, HealthReader};
use crate::context::Context;
use crate::error::Result;
use crate::metric::{Metrics, RangeQuery, SIGNALS};
use crate::target::Targets;

/// Points of a sparkline.
const SPARK_POINTS: i64 = 40;
/// Anomalies on the Overview.
const NEWEST: u64 = 8;
const DAY_MS: i64 = 86_400_000;

/// Makes pages' data.
#[derive(Clone, Debug)]
pub struct Overviews {
    context: Context,
    metrics: Metrics,
    anomalies: Anomalies,
    catalogue: Catalogue,
    targets: Targets,
    open: Open,
    judge: Arc<Judge>,
    health: HealthReader,
}

/// Its parts.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) metrics: Metrics,
    pub(crate) anomalies: Anomalies,
    pub(crate) catalogue: Catalogue,
    pub(crate) targets: Targets,
    pub(crate) open: Open,
    pub(crate) judge: Arc<Judge>,
    pub(crate) health: HealthReader,
}

impl Overviews {
    pub(crate) fn new(context: Context, parts: Parts) -> Self {
        let Parts { metrics, anomalies, catalogue, targets, open, judge, health } = parts;
        Self { context, metrics, anomalies, catalogue, targets, open, judge, health }
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
            figures: self.figures(actor, range).await?,
            services: self.catalogue.health(actor).await?,
            anomalies: self.anomalies.list(actor, newest).await?.anomalies,
            open_anomalies: u32::try_from(self.open.len()).unwrap_or(u32::MAX),
            has_targets: !self.targets.list(actor).await?.is_empty(),
            is_demo: self.context.config.demo.enabled,
        })
    }

    async fn figures(&self, actor: &Actor, range: TimeRange) -> Result<Vec<Figure>> {
        let now_ms = self.context.clock.now_ms();
        let length_ms = range.seconds() * 1_000;
        let step_ms = (length_ms / SPARK_POINTS).max(1_000);
        let mut figures = Vec::new();
        for signal in SIGNALS {
            let Some(query) = signal.total else { continue };
            let points = RangeQuery { start_ms: now_ms - length_ms, end_ms: now_ms, step_ms };
            let course = chart::lines(&self.metrics.query_range(actor, query, points).await?);
            let sparkline: Vec<f64> = course.into_iter().flat_map(|line| line.values).flatten().collect();
            let value = chart::single(&self.metrics.query(actor, query, Some(now_ms)).await?);
            let yesterday = chart::single(&self.metrics.query(actor, query, Some(now_ms - DAY_MS)).await?);
            figures.push(Figure {
                name: signal.name.to_owned(),
                label: signal.label.to_owned(),
                unit: signal.unit.to_owned(),
                value,
                yesterday,
                sparkline,
            });
        }
        Ok(figures)
    }
}
