//! Makes expositions: what we expose about ourselves, and what tests read back.

use std::fmt::Write as _;

use super::{Format, MetricType};
use crate::{
    Labels,
    labels::{METRIC_NAME, is_classic_label_name, is_classic_metric_name},
};

/// Gathers an exposition.
#[derive(Clone, Debug)]
pub struct Writer {
    format: Format,
    text: String,
}

impl Writer {
    /// An empty exposition in `format`.
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self { format, text: String::new() }
    }

    /// Begins a family. Give a counter's name with `_total`: only in OpenMetrics its family is named without.
    pub fn family(&mut self, name: &str, kind: MetricType, help: &str) -> &mut Self {
        let word = match (self.format, kind) {
            (Format::PrometheusText, MetricType::Unknown | MetricType::StateSet) => "untyped",
            (Format::PrometheusText, MetricType::Info) => "gauge",
            (Format::PrometheusText, MetricType::GaugeHistogram) => "histogram",
            _ => kind.as_str(),
        };
        let name = match (self.format, kind) {
            (Format::OpenMetrics, MetricType::Counter) => name.strip_suffix("_total").unwrap_or(name),
            _ => name,
        };
        let quoted = if is_classic_metric_name(name) { name.to_owned() } else { quote(name) };
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.line(format_args!("# HELP {quoted} {help}"));
        self.line(format_args!("# TYPE {quoted} {word}"))
    }

    /// Adds a sample; `labels` holds its name as `__name__`, `ts` is in ms.
    pub fn sample(&mut self, labels: &Labels, value: f64, ts: Option<i64>) -> &mut Self {
        let name = labels.metric_name().unwrap_or_default();
        let classic = is_classic_metric_name(name);
        let mut parts = Vec::new();
        if !classic {
            parts.push(quote(name));
        }
        for (name, value) in labels.iter().filter(|(name, _)| *name != METRIC_NAME) {
            let name = if is_classic_label_name(name) { name.to_owned() } else { quote(name) };
            parts.push(format!("{name}={}", quote(value)));
        }
        if classic {
            self.text.push_str(name);
        }
        if !parts.is_empty() {
            self.line_part(format_args!("{{{}}}", parts.join(",")));
        }
        self.line_part(format_args!(" {}", Number(value)));
        match (ts, self.format) {
            (None, _) => self.line(format_args!("")),
            (Some(ts), Format::PrometheusText) => self.line(format_args!(" {ts}")),
            (Some(ts), Format::OpenMetrics) => {
                let sign = if ts < 0 { "-" } else { "" };
                let ts = ts.unsigned_abs();
                self.line(format_args!(" {sign}{}.{:03}", ts / 1000, ts % 1000))
            }
        }
    }

    /// The whole exposition.
    #[must_use]
    pub fn finish(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) -> &mut Self {
        self.line_part(text);
        self.text.push('\n');
        self
    }

    fn line_part(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(text);
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A number as both formats write them: the shortest text that reads back as the same.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            value if value.is_nan() => f.write_str("NaN"),
            f64::INFINITY => f.write_str("+Inf"),
            f64::NEG_INFINITY => f.write_str("-Inf"),
            value => write!(f, "{value:?}"),
        }
    }
}
