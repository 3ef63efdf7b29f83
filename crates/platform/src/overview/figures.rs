//! The figures over all services.
//!
//! Always true: a figure is at most a second old, which is as often as signals are computed; many people who look at once
//! share one computation; what failed is computed again for the next one.

use std::collections::HashMap;
use std::sync::Arc;

use domain::overview::{Figure, TimeRange};
use tokio::sync::Mutex;

use super::chart;
use crate::actor::Actor;
use crate::context::Context;
use crate::error::Result;
use crate::metric::{Metrics, RangeQuery, SIGNALS};

/// Points of a sparkline.
const SPARK_POINTS: i64 = 40;
const DAY_MS: i64 = 86_400_000;
const FRESH_MS: i64 = 1_000;

/// When they were made, and they.
type Made = Option<(i64, Arc<[Figure]>)>;

/// Makes figures and remembers the newest of each range.
#[derive(Clone, Debug)]
pub(super) struct Figures {
    context: Context,
    metrics: Metrics,
    /// A lock a range, so that a long range makes nobody wait for a short one.
    made: Arc<parking_lot::Mutex<HashMap<TimeRange, Arc<Mutex<Made>>>>>,
}

impl Figures {
    pub(super) fn new(context: Context, metrics: Metrics) -> Self {
        Self { context, metrics, made: Arc::default() }
    }

    pub(super) async fn of(&self, actor: &Actor, range: TimeRange) -> Result<Vec<Figure>> {
        let slot = Arc::clone(self.made.lock().entry(range).or_default());
        let mut made = slot.lock().await;
        let now_ms = self.context.clock.now_ms();
        if let Some((_, figures)) = made.as_ref().filter(|(at_ms, _)| (*at_ms..*at_ms + FRESH_MS).contains(&now_ms)) {
            return Ok(figures.to_vec());
        }
        let figures = self.compute(actor, range, now_ms).await?;
        *made = Some((now_ms, figures.as_slice().into()));
        Ok(figures)
    }

    async fn compute(&self, actor: &Actor, range: TimeRange, now_ms: i64) -> Result<Vec<Figure>> {
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
