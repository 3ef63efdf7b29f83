//! What the Overview and service pages show, made in one go on the server.
//!
//! Always true: series are already thinned to what is drawn; nothing here is larger than a screen needs.

use serde::{Deserialize, Serialize};

use crate::anomaly::Anomaly;
use crate::catalogue::{Service, ServiceHealth};
use crate::gateway::{CallLatency, CallSums};
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// The one time-range control.
    TimeRange {
        Minutes15 = "15m",
        Hour1 = "1h",
        Hours6 = "6h",
        Day1 = "24h",
        Days7 = "7d",
        Days30 = "30d",
    }
}

impl TimeRange {
    /// Length in seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Minutes15 => 900,
            Self::Hour1 => 3_600,
            Self::Hours6 => 6 * 3_600,
            Self::Day1 => 86_400,
            Self::Days7 => 7 * 86_400,
            Self::Days30 => 30 * 86_400,
        }
    }

    /// How it is called in the interface.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Minutes15 => "Last 15 minutes",
            Self::Hour1 => "Last hour",
            Self::Hours6 => "Last 6 hours",
            Self::Day1 => "Last 24 hours",
            Self::Days7 => "Last 7 days",
            Self::Days30 => "Last 30 days",
        }
    }
}

/// A single figure with its recent course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Figure {
    /// The signal, for example `request_rate`.
    pub name: String,
    pub label: String,
    pub unit: String,
    pub value: Option<f64>,
    /// The same figure one day before, where known.
    pub yesterday: Option<f64>,
    /// Oldest first.
    pub sparkline: Vec<f64>,
}

/// The Overview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    pub at: DateTime<Utc>,
    /// Traffic over all services: request rate, error rate, p50, p95, p99.
    pub figures: Vec<Figure>,
    /// Worst first.
    pub services: Vec<ServiceHealth>,
    /// Newest first.
    pub anomalies: Vec<Anomaly>,
    pub open_anomalies: u32,
    pub has_targets: bool,
    pub is_demo: bool,
}

/// How many services are how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceCounts {
    pub healthy: u32,
    pub degraded: u32,
    pub unhealthy: u32,
    pub unknown: u32,
}

/// Everything in figures: traffic over all services now, and calls to models over the range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricsSummary {
    pub at: DateTime<Utc>,
    pub range: TimeRange,
    /// Requests a second over all services, as the other figures of traffic in the last minute.
    pub request_rate: Option<f64>,
    /// Share of requests that failed, 0 to 1.
    pub error_rate: Option<f64>,
    pub latency_p50_ms: Option<f64>,
    pub latency_p95_ms: Option<f64>,
    pub latency_p99_ms: Option<f64>,
    pub services: ServiceCounts,
    pub open_anomalies: u32,
    pub ai: CallSums,
    pub ai_latency: CallLatency,
}

/// A line of a chart: equally long `times` (Unix milliseconds) and `values`; a gap is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Line {
    pub label: String,
    pub times: Vec<i64>,
    pub values: Vec<Option<f64>>,
}

/// A chart: what is drawn, in which unit, with which band and marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chart {
    /// The finding, or the name of the signal.
    pub title: String,
    pub metric: String,
    pub unit: String,
    /// At most seven, and others.
    pub lines: Vec<Line>,
    /// The threshold of an objective, if there is one.
    pub threshold: Option<f64>,
    /// Expected range now, if judged.
    pub expected: Option<(f64, f64)>,
    /// Anomalies in the range: start, end (open when absent), label.
    pub marks: Vec<Mark>,
}

/// A marked stretch of time on a chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mark {
    pub from_ms: i64,
    pub to_ms: Option<i64>,
    pub label: String,
}

/// One service with its charts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceDetail {
    pub service: Service,
    pub health: ServiceHealth,
    pub charts: Vec<Chart>,
    pub anomalies: Vec<Anomaly>,
    /// Names of services that call it.
    pub callers: Vec<String>,
    pub range: TimeRange,
}
