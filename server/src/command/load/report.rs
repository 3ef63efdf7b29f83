//! What a run says in the end.
//!
//! Always true: the table and the JSON have the same figures.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::tally::Tally;

const QUANTILES: [(&str, f64); 6] =
    [("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999)];

/// The figures of a run. Times in milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) seconds: f64,
    pub(super) answered: u64,
    pub(super) failed: u64,
    /// Due but never begun, because too many were under way.
    pub(super) not_begun: u64,
    /// Calls that ended, a second.
    pub(super) calls_per_second: f64,
    pub(super) bytes_received: u64,
    pub(super) endings: BTreeMap<String, u64>,
    pub(super) latency_ms: Times,
    pub(super) first_byte_ms: Times,
}

/// A distribution of times in milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct Times {
    pub(super) mean: f64,
    pub(super) max: f64,
    #[serde(flatten)]
    pub(super) quantiles: BTreeMap<&'static str, f64>,
}

impl Times {
    #[expect(clippy::cast_precision_loss, reason = "microseconds of minutes")]
    fn of(histogram: &Histogram<u64>) -> Self {
        let ms = |us: u64| us as f64 / 1_000.0;
        let quantiles = QUANTILES.iter().map(|(name, q)| (*name, ms(histogram.value_at_quantile(*q)))).collect();
        Self { mean: histogram.mean() / 1_000.0, max: ms(histogram.max()), quantiles }
    }
}

impl Report {
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 calls")]
    pub(super) fn of(tally: &Tally, elapsed: Duration) -> Self {
        let ended = tally.answered + tally.failed;
        Self {
            seconds: elapsed.as_secs_f64(),
            answered: tally.answered,
            failed: tally.failed,
            not_begun: tally.not_begun,
            calls_per_second: ended as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE),
            bytes_received: tally.bytes,
            endings: tally.endings.clone(),
            latency_ms: Times::of(&tally.took),
            first_byte_ms: Times::of(&tally.first),
        }
    }

    /// For people.
    pub(super) fn table(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| writeln!(out, "{text}").unwrap_or_default();
        line(format!(
            "{:.1} s, {:.1} calls/s, {} bytes received",
            self.seconds, self.calls_per_second, self.bytes_received
        ));
        for (ending, n) in &self.endings {
            line(format!("{n:>10}  {ending}"));
        }
        if self.not_begun > 0 {
            line(format!("{:>10}  not begun: too many under way", self.not_begun));
        }
        line(format!("{:>12} {:>12} {:>14}", "", "latency ms", "first byte ms"));
        for (name, _) in QUANTILES {
            let of = |times: &Times| times.quantiles.get(name).copied().unwrap_or_default();
            line(format!("{name:>12} {:>12.2} {:>14.2}", of(&self.latency_ms), of(&self.first_byte_ms)));
        }
        line(format!("{:>12} {:>12.2} {:>14.2}", "mean", self.latency_ms.mean, self.first_byte_ms.mean));
        line(format!("{:>12} {:>12.2} {:>14.2}", "max", self.latency_ms.max, self.first_byte_ms.max));
        out.truncate(out.trim_end().len());
        out
    }
}
