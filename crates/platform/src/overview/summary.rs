//! Everything in figures, for programs.
//!
//! Always true: figures of traffic are those of the Overview, figures of calls those of their history; what nobody
//! reports is absent.

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::catalogue::HealthStatus;
use domain::gateway::{AiMetrics, SecurityCounts};
use domain::overview::{MetricsSummary, ServiceCounts, TimeRange};
use metrics::query::Value;

use super::Overviews;
use crate::actor::Actor;
use crate::clock::from_ms;
use crate::error::Result;

impl Overviews {
    /// Traffic, services and calls to models.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn summary(&self, actor: &Actor, range: TimeRange) -> Result<MetricsSummary> {
        actor.require(Permission::Observe)?;
        let since = self.beginning(range);
        let figures = self.figures.of(actor, range).await?;
        let now = |name: &str| figures.iter().find(|figure| figure.name == name).and_then(|figure| figure.value);
        let mut services = ServiceCounts::default();
        for service in self.catalogue.health(actor).await? {
            let count = match service.status {
                HealthStatus::Healthy => &mut services.healthy,
                HealthStatus::Degraded => &mut services.degraded,
                HealthStatus::Unhealthy => &mut services.unhealthy,
                HealthStatus::Unknown => &mut services.unknown,
            };
            *count += 1;
        }
        Ok(MetricsSummary {
            at: self.context.now(),
            range,
            request_rate: now("request_rate"),
            error_rate: now("error_rate"),
            latency_p50_ms: now("latency_p50"),
            latency_p95_ms: now("latency_p95"),
            latency_p99_ms: now("latency_p99"),
            services,
            open_anomalies: u32::try_from(self.open.len()).unwrap_or(u32::MAX),
            ai: self.gateway.call_sums(actor, since).await?,
            ai_latency: self.gateway.call_latency(actor, since).await?,
        })
    }

    /// Calls to models.
    ///
    /// # Errors
    /// As above.
    pub async fn ai(&self, actor: &Actor, range: TimeRange) -> Result<AiMetrics> {
        actor.require(Permission::Observe)?;
        let since = self.beginning(range);
        let counted = async |metric: &str, by: &'static str| {
            self.by_label(actor, &format!("sum by ({by}) (increase({metric}[{}]))", range.as_str()), by).await
        };
        Ok(AiMetrics {
            at: self.context.now(),
            range,
            totals: self.gateway.call_sums(actor, since).await?,
            latency: self.gateway.call_latency(actor, since).await?,
            groups: self.gateway.call_groups(actor, since).await?,
            drift: self.by_label(actor, "max by (service) (ai_confidence_drift_percentage)", "service").await?,
            security: SecurityCounts {
                prompt_injection_attempts: counted("ai_prompt_injection_attempts_total", "severity").await?,
                hallucination_flags: counted("ai_hallucination_flags_total", "risk").await?,
                security_incidents: counted("ai_security_incidents_total", "type").await?,
            },
        })
    }

    fn beginning(&self, range: TimeRange) -> domain::Time {
        from_ms(self.context.clock.now_ms() - range.seconds() * 1_000)
    }

    /// The values of an instant query by one label; what is not finite is left out.
    async fn by_label(&self, actor: &Actor, query: &str, label: &str) -> Result<BTreeMap<String, f64>> {
        let Value::Vector(elements) = self.metrics.query(actor, query, None).await? else { return Ok(BTreeMap::new()) };
        let finite = elements.into_iter().filter(|element| element.sample.value.is_finite());
        Ok(finite.map(|e| (e.labels.get(label).unwrap_or("unknown").to_owned(), e.sample.value)).collect())
    }
}
