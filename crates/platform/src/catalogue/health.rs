//! How services are: from what is open, what they promised and what they last measured.
//!
//! Always true: what is not healthy has a reason in words; a service that is silent is unknown, not healthy; reading
//! touches memory only.

use std::sync::Arc;

use domain::anomaly::{Anomaly, Severity};
use domain::catalogue::{Comparison, HealthStatus, Objective, Service, ServiceHealth};

use super::Known;
use crate::anomaly::Open;
use crate::context::Context;
use crate::error::Result;
use crate::metric::{Engine, latest, signal_id};

/// Data older than this says nothing about now.
const FRESH_MS: i64 = 120_000;
/// A service not heard of for this long is unknown.
const SILENT_MS: i64 = 300_000;
/// What a sparkline shows.
const SPARK_MS: i64 = 15 * 60_000;
const SPARK_POINTS: usize = 40;

/// Reads health.
#[derive(Clone, Debug)]
pub(crate) struct HealthReader {
    context: Context,
    engine: Arc<Engine>,
    open: Open,
    known: Known,
}

impl HealthReader {
    pub(crate) fn new(context: Context, engine: Arc<Engine>, open: Open, known: Known) -> Self {
        Self { context, engine, open, known }
    }

    /// Health of the given services, worst first.
    #[expect(clippy::unused_async, reason = "health may come from another store later; callers need not change then")]
    pub(crate) async fn read(&self, services: &[Service]) -> Result<Vec<ServiceHealth>> {
        let mut all: Vec<_> = services.iter().map(|service| self.of(service)).collect();
        all.sort_by(|a, b| rank(b.status).cmp(&rank(a.status)).then_with(|| a.service.cmp(&b.service)));
        Ok(all)
    }

    /// Health of one service.
    pub(crate) fn of(&self, service: &Service) -> ServiceHealth {
        let now_ms = self.context.clock.now_ms();
        let signal = |name: &str| latest(&self.engine, name, &service.name, now_ms - FRESH_MS);
        let anomalies = self.open.of_service(&service.name);
        let last_seen_at = self.known.last_seen(&service.name);
        let is_silent = last_seen_at.is_none_or(|at| now_ms - at.timestamp_millis() > SILENT_MS);
        let broken = service.objectives.iter().find_map(|objective| broken(objective, signal(&objective.metric)));
        let (status, reason) = judge(&anomalies, broken, is_silent, last_seen_at.is_some());
        ServiceHealth {
            service: service.name.clone(),
            status,
            reason,
            cpu: signal("cpu_usage"),
            memory: signal("memory_usage"),
            request_rate: signal("request_rate"),
            error_rate: signal("error_rate"),
            latency_p50: signal("latency_p50"),
            latency_p95: signal("latency_p95"),
            latency_p99: signal("latency_p99"),
            open_anomalies: u32::try_from(anomalies.len()).unwrap_or(u32::MAX),
            is_simulated: service.is_simulated,
            last_seen_at,
            sparkline: self.sparkline(&service.name, now_ms),
        }
    }

    fn sparkline(&self, service: &str, now_ms: i64) -> Vec<f64> {
        for signal in ["latency_p99", "cpu_usage"] {
            let Some(id) = signal_id(signal, service) else { continue };
            let mut samples = Vec::new();
            let read = self.engine.head.read(id, now_ms - SPARK_MS, now_ms, &mut samples);
            let values: Vec<f64> =
                samples.iter().map(|sample| sample.value).filter(|value| value.is_finite()).collect();
            if read.is_ok() && values.len() > 1 {
                let step = values.len().div_ceil(SPARK_POINTS).max(1);
                return values.chunks(step).map(|chunk| chunk.iter().copied().fold(f64::MIN, f64::max)).collect();
            }
        }
        Vec::new()
    }
}

/// Worst first in lists; unknown before healthy, because somebody should look.
const fn rank(status: HealthStatus) -> u8 {
    match status {
        HealthStatus::Healthy => 0,
        HealthStatus::Unknown => 1,
        HealthStatus::Degraded => 2,
        HealthStatus::Unhealthy => 3,
    }
}

fn broken(objective: &Objective, value: Option<f64>) -> Option<String> {
    let value = value?;
    let is_kept = match objective.comparison {
        Comparison::Below => value < objective.threshold,
        Comparison::Above => value > objective.threshold,
    };
    (!is_kept).then(|| {
        format!("{} is {value:.3}, the objective is {} {}", objective.metric, objective.comparison, objective.threshold)
    })
}

fn judge(anomalies: &[Anomaly], broken: Option<String>, is_silent: bool, was_heard: bool) -> (HealthStatus, String) {
    let worst = anomalies.iter().max_by(|a, b| a.severity.cmp(&b.severity).then(a.score.total_cmp(&b.score)));
    match worst {
        Some(worst) if worst.severity >= Severity::Error => (HealthStatus::Unhealthy, worst.reason.clone()),
        _ if is_silent && was_heard => {
            (HealthStatus::Unknown, "nothing has been heard of it for more than 5 minutes".to_owned())
        }
        _ if is_silent => (HealthStatus::Unknown, "nothing has been heard of it yet".to_owned()),
        Some(worst) if worst.severity >= Severity::Warning => (HealthStatus::Degraded, worst.reason.clone()),
        _ => match broken {
            Some(reason) => (HealthStatus::Degraded, reason),
            None => (HealthStatus::Healthy, String::new()),
        },
    }
}
