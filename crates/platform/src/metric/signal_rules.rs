//! Signals: what people ask of any service, computed from what services usually export.
//!
//! Always true: a signal has one name and one unit whatever it was computed from; a service that exports the signal under
//! its own name already keeps its own.

/// One signal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signal {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) unit: &'static str,
    /// Alternatives in PromQL, the first that has an answer counts; `$s` stands for the service's matcher.
    pub(crate) rules: &'static [&'static str],
    /// The same over all services.
    pub(crate) total: Option<&'static str>,
}

macro_rules! latency {
    ($q:literal) => {
        &[
            concat!(
                "1000 * histogram_quantile(",
                $q,
                ", sum by (le) (rate(http_request_duration_seconds_bucket{$s}[1m])))"
            ),
            concat!(
                "1000 * histogram_quantile(",
                $q,
                ", sum by (le) (rate(http_server_request_duration_seconds_bucket{$s}[1m])))"
            ),
            concat!("histogram_quantile(", $q, ", sum by (le) (rate(ai_response_time_ms_bucket{$s}[1m])))"),
        ]
    };
}

macro_rules! total_latency {
    ($q:literal) => {
        Some(concat!(
            "1000 * histogram_quantile(",
            $q,
            ", sum by (le) (rate(http_request_duration_seconds_bucket[1m])))"
        ))
    };
}

/// The signals, in the order in which a service page shows them.
pub(crate) const SIGNALS: &[Signal] = &[
    Signal {
        name: "request_rate",
        label: "Requests",
        unit: "req/s",
        rules: &[
            "sum(rate(http_requests_total{$s}[1m]))",
            "sum(rate(http_server_request_duration_seconds_count{$s}[1m]))",
            "sum(rate(ai_requests_total{$s}[1m]))",
        ],
        total: Some("sum(rate(http_requests_total[1m]))"),
    },
    Signal {
        name: "error_rate",
        label: "Errors",
        unit: "ratio",
        rules: &[
            "(sum(rate(http_requests_total{$s,status=~\"5..\"}[1m])) or vector(0)) / (sum(rate(http_requests_total{$s}[1m])) > 0)",
            "(sum(rate(http_requests_total{$s,code=~\"5..\"}[1m])) or vector(0)) / (sum(rate(http_requests_total{$s}[1m])) > 0)",
            "(sum(rate(http_server_request_duration_seconds_count{$s,http_response_status_code=~\"5..\"}[1m])) or vector(0)) / (sum(rate(http_server_request_duration_seconds_count{$s}[1m])) > 0)",
            "(sum(rate(ai_requests_total{$s,status=~\"5..\"}[1m])) or vector(0)) / (sum(rate(ai_requests_total{$s}[1m])) > 0)",
        ],
        total: Some(
            "(sum(rate(http_requests_total{status=~\"5..\"}[1m])) or vector(0)) / (sum(rate(http_requests_total[1m])) > 0)",
        ),
    },
    Signal {
        name: "latency_p50",
        label: "Latency p50",
        unit: "ms",
        rules: latency!("0.5"),
        total: total_latency!("0.5"),
    },
    Signal {
        name: "latency_p95",
        label: "Latency p95",
        unit: "ms",
        rules: latency!("0.95"),
        total: total_latency!("0.95"),
    },
    Signal {
        name: "latency_p99",
        label: "Latency p99",
        unit: "ms",
        rules: latency!("0.99"),
        total: total_latency!("0.99"),
    },
    Signal {
        name: "cpu_usage",
        label: "CPU",
        unit: "%",
        rules: &[
            "100 * sum(rate(process_cpu_seconds_total{$s}[1m]))",
            "100 * sum(rate(container_cpu_usage_seconds_total{$s}[1m]))",
        ],
        total: None,
    },
    Signal {
        name: "memory_usage",
        label: "Memory",
        unit: "bytes",
        rules: &["sum(process_resident_memory_bytes{$s})", "sum(container_memory_working_set_bytes{$s})"],
        total: None,
    },
];

/// What statistics expect, cut down to what can be: times, sizes, rates and shares are never below zero.
pub(crate) fn possible((low, high): (f64, f64), unit: &str) -> (f64, f64) {
    let floor = if matches!(unit, "ms" | "s" | "bytes" | "bytes/s" | "req/s" | "ratio" | "%") { 0.0 } else { f64::MIN };
    (low.max(floor), high.max(floor))
}

/// The unit of a metric, from the signals or from the conventions of its name; empty when unknown.
pub(crate) fn unit_of(metric: &str) -> &'static str {
    if let Some(signal) = SIGNALS.iter().find(|signal| signal.name == metric) {
        return signal.unit;
    }
    let base = metric.strip_suffix("_total").unwrap_or(metric);
    let by_suffix = [
        ("_bytes", "bytes"),
        ("_seconds", "s"),
        ("_milliseconds", "ms"),
        ("_ms", "ms"),
        ("_ratio", "ratio"),
        ("_percent", "%"),
        ("_percentage", "%"),
        ("_dollars", "$"),
        ("_celsius", "°C"),
        ("_bytes_per_second", "bytes/s"),
    ];
    by_suffix.iter().rev().find(|(suffix, _)| base.ends_with(suffix)).map_or("", |(_, unit)| unit)
}
