//! One service: its health, its charts and what went wrong lately.
//!
//! Always true: a chart without a single point is left out; the title says what was found, where something was.

use domain::access::Permission;
use domain::anomaly::Anomaly;
use domain::overview::{Chart, Mark, ServiceDetail, TimeRange};

use super::{Overviews, chart};
use crate::actor::Actor;
use crate::anomaly::list_between;
use crate::clock::from_ms;
use crate::error::Result;
use crate::metric::{RangeQuery, SIGNALS, signal_id, unit_of};

/// Points of a chart.
const POINTS: i64 = 240;
/// Charts of metrics that are not signals.
const MAX_OTHER: usize = 12;
const MAX_ANOMALIES: u64 = 50;

impl Overviews {
    /// One service by name.
    ///
    /// # Errors
    /// Without the permission to observe, or when there is no such service.
    pub async fn service(&self, actor: &Actor, name: &str, range: TimeRange) -> Result<ServiceDetail> {
        actor.require(Permission::Observe)?;
        let service = self.catalogue.get(actor, name).await?;
        let now_ms = self.context.clock.now_ms();
        let from_time_ms = now_ms - range.seconds() * 1_000;
        let anomalies =
            list_between(self.context.db.read(), &service.name, from_ms(from_time_ms), MAX_ANOMALIES).await?;
        let step_ms = (range.seconds() * 1_000 / POINTS).max(1_000);
        let points = RangeQuery { start_ms: from_time_ms, end_ms: now_ms, step_ms };
        let mut charts = Vec::new();
        for metric in self.metrics_of(actor, &service.name)? {
            let query = format!("{metric}{{service={:?}}}", service.name);
            let lines = chart::lines(&self.metrics.query_range(actor, &query, points).await?);
            if lines.is_empty() {
                continue;
            }
            let marks: Vec<_> = anomalies.iter().filter(|anomaly| anomaly.metric == metric).map(mark).collect();
            let label =
                SIGNALS.iter().find(|signal| signal.name == metric).map_or(metric.as_str(), |signal| signal.label);
            charts.push(Chart {
                title: title(label, &anomalies, &metric),
                unit: unit_of(&metric).to_owned(),
                threshold: service
                    .objectives
                    .iter()
                    .find(|objective| objective.metric == metric)
                    .map(|objective| objective.threshold),
                expected: signal_id(&metric, &service.name).and_then(|id| self.judge.expected(id)),
                lines,
                marks,
                metric,
            });
        }
        let callers =
            self.catalogue.list(actor).await?.into_iter().filter(|other| other.dependencies.contains(&service.name));
        Ok(ServiceDetail {
            health: self.health.of(&service),
            callers: callers.map(|other| other.name).collect(),
            service,
            charts,
            anomalies,
            range,
        })
    }

    /// Signals first, then the gauges a person might look at.
    fn metrics_of(&self, actor: &Actor, service: &str) -> Result<Vec<String>> {
        let selector = format!("{{service={service:?}}}");
        let names = self.metrics.label_values(actor, "__name__", &[selector])?;
        let is_signal = |name: &str| SIGNALS.iter().any(|signal| signal.name == name);
        let signals = SIGNALS.iter().map(|signal| signal.name.to_owned()).filter(|name| names.contains(name));
        let is_plain = |name: &str| {
            !["_bucket", "_sum", "_count", "_total", "_created", "_info"].iter().any(|end| name.ends_with(end))
                && !name.starts_with("scrape_")
                && !name.starts_with("process_")
                && name != "up"
        };
        let others = names.iter().filter(|name| !is_signal(name) && is_plain(name)).take(MAX_OTHER).cloned();
        Ok(signals.chain(others).collect())
    }
}

fn mark(anomaly: &Anomaly) -> Mark {
    Mark {
        from_ms: anomaly.timestamp.timestamp_millis(),
        to_ms: anomaly.resolved_at.map(|at| at.timestamp_millis()),
        label: anomaly.reason.clone(),
    }
}

fn title(label: &str, anomalies: &[Anomaly], metric: &str) -> String {
    match anomalies.iter().find(|anomaly| anomaly.metric == metric) {
        Some(anomaly) => format!("{label}: {}", anomaly.reason),
        None => label.to_owned(),
    }
}
