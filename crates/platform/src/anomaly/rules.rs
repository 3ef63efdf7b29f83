//! How a series is judged, from its name: as it is, as a rate, as up or down, or not at all.
//!
//! Always true: what is only an ingredient of a signal (histogram buckets, sums and counts) is left to the signal, so one
//! cause does not alarm forty times.

use analysis::detect::{Direction, Settings};
use metrics::Labels;

use super::DetectionConfig;

/// How values become what is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As they come.
    Gauge,
    /// Their rate a second.
    Counter,
    /// 1 is up, 0 is down: no statistics needed.
    Up,
}

const INGREDIENTS: &[&str] = &["_bucket", "_sum", "_count", "_created", "_info"];
const NEVER: &[&str] = &[
    "process_start_time_seconds",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    // Covered by the signals cpu_usage and memory_usage.
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_virtual_memory_max_bytes",
    "process_max_fds",
    "process_open_fds",
];

/// How a series is judged, if it is.
pub(super) fn kind_of(labels: &Labels, config: &DetectionConfig) -> Option<Kind> {
    let metric = labels.metric_name()?;
    if metric == "up" {
        return Some(Kind::Up);
    }
    let is_ingredient = INGREDIENTS.iter().any(|suffix| metric.ends_with(suffix)) || labels.get("quantile").is_some();
    // One route's or status' count is an ingredient of the service's request and error rate.
    let is_split = metric.starts_with("http_") && metric.ends_with("_total");
    if is_ingredient || is_split || NEVER.contains(&metric) || config.ignores(metric) {
        return None;
    }
    Some(if is_counter(metric) { Kind::Counter } else { Kind::Gauge })
}

/// Whether a metric only grows, by the convention of its name: it is judged by its rate.
pub(super) fn is_counter(metric: &str) -> bool {
    metric.ends_with("_total")
}

/// What the detector of a metric is told. `threshold` is the series' factor.
pub(super) fn settings_of(metric: &str, threshold: f64, config: &DetectionConfig) -> Settings {
    let has = |part: &str| metric.contains(part);
    let direction = if metric.starts_with("latency_") || has("duration") || has("error") || has("queue") || has("drift")
    {
        Direction::Above
    } else if has("available") || has("confidence") {
        Direction::Below
    } else {
        Direction::Both
    };
    // In the metric's own unit: what moves by less is nobody's business.
    let absolute_floor = match metric {
        "error_rate" => 0.005,
        "cpu_usage" => 2.0,
        "latency_p50" | "latency_p95" | "latency_p99" => 2.0,
        "request_rate" => 0.5,
        "memory_usage" => 2_000_000.0,
        _ if metric.ends_with("_ratio") => 0.005,
        _ if metric.ends_with("_bytes_per_second") => 50_000.0,
        _ if metric.ends_with("_bytes") => 1_000_000.0,
        _ => 1e-9,
    };
    Settings {
        min_samples: config.min_samples,
        threshold,
        false_alarms_per_week: config.false_alarms_per_week,
        missing_after_intervals: config.missing_after_intervals,
        direction,
        absolute_floor,
        relative_floor: if direction == Direction::Above { 0.05 } else { 0.03 },
        seasonal: config.seasonal,
        adapt_after_ms: i64::from(config.adapt_after_minutes) * 60_000,
        ..Settings::default()
    }
}
