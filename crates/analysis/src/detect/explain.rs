//! A verdict in plain words: what is, what was expected from how much history, and what to look at first.

use super::verdict::{DetectorKind, Finding, IgnoredBecause, State, Trend, Verdict};
use super::{CloseReason, Transition};

/// Words for people, produced only when somebody reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub reason: String,
    pub recommendation: String,
}

/// What the values of a verdict are of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The metric itself.
    Value,
    /// How fast it grows, a second.
    Rate,
}

/// Explains a verdict about `metric` (as people call it, for example "p99 latency") that carries `unit`
/// ("ms", "%", "bytes", "" for none); the judged values are the `quantity` of it.
#[must_use]
pub fn explain(verdict: &Verdict, metric: &str, unit: &str, quantity: Quantity) -> Explanation {
    let reason = match quantity {
        Quantity::Value => reason(verdict, metric, unit),
        Quantity::Rate => reason(verdict, &format!("the rate of {metric}"), &format!("{unit}/s")),
    };
    Explanation { reason, recommendation: recommendation(verdict, metric) }
}

fn reason(verdict: &Verdict, metric: &str, unit: &str) -> String {
    let history = duration(verdict.history_ms);
    if verdict.finding == Finding::Missing {
        let silent = duration(verdict.time_ms.saturating_sub(verdict.since_ms));
        return format!(
            "{metric} has sent nothing for {silent}; its last value was {}",
            with_unit(verdict.value, unit)
        );
    }
    match verdict.state {
        State::Ignored(IgnoredBecause::NotANumber) => {
            return format!("{metric} sent a value that is not a number; it was left out");
        }
        State::Ignored(IgnoredBecause::NotLater) => {
            return format!("{metric} sent a sample that is not newer than the last one; it was left out");
        }
        State::Learning => return format!("{metric} has too little history to be judged yet"),
        State::Normal | State::Suspect | State::Anomalous => {}
    }
    let value = with_unit(verdict.value, unit);
    let range = range(verdict.expected_low, verdict.expected_high, unit);
    match verdict.transition {
        Transition::Closed(CloseReason::Recovered) => {
            return format!("{metric} is back to {value}, within the expected {range}");
        }
        Transition::Closed(CloseReason::NewNormal) => {
            return format!("{metric} has stayed near {value} for so long that this is its new normal");
        }
        Transition::Closed(CloseReason::Resumed) => return format!("{metric} sends values again: {value}"),
        Transition::None | Transition::Opened | Transition::Ongoing => {}
    }
    let basis = match verdict.shares.main() {
        Some(DetectorKind::Seasonal) => "at this time of day and week".to_owned(),
        _ => format!("from the last {history}"),
    };
    if verdict.value >= verdict.expected_low && verdict.value <= verdict.expected_high {
        let how = if verdict.state == State::Normal {
            "as expected"
        } else {
            "each value is possible, but together they have moved further from the usual level than chance allows"
        };
        return format!("{metric} is {value}; {range} was expected {basis}; {how}");
    }
    format!("{metric} is {value}; {range} was expected {basis}{}", how_it_went(verdict))
}

fn how_it_went(verdict: &Verdict) -> String {
    let moved = if verdict.value > verdict.expected_high { "rose" } else { "fell" };
    match verdict.since_samples {
        0 => String::new(),
        1 => format!("; it {moved} with this sample"),
        2..=5 => format!("; it {moved} within {} samples", verdict.since_samples),
        _ => {
            let lasted = duration(verdict.time_ms.saturating_sub(verdict.since_ms));
            let going = match verdict.trend {
                Trend::Rising => " and is still rising",
                Trend::Falling => " and is still falling",
                Trend::Steady => "",
            };
            format!("; it {moved} {lasted} ago{going}")
        }
    }
}

fn recommendation(verdict: &Verdict, metric: &str) -> String {
    if verdict.finding == Finding::Missing {
        return "check that the service runs and that its metrics endpoint answers; a missing series hides every other fault"
            .to_owned();
    }
    if verdict.state != State::Anomalous && verdict.state != State::Suspect {
        return "nothing to do".to_owned();
    }
    let metric = metric.to_lowercase();
    let about = |words: &[&str]| words.iter().any(|word| metric.contains(word));
    let above = verdict.value >= verdict.predicted;
    let advice = if about(&["error", "fail", "5xx", "exception", "timeout"]) {
        if above {
            "look at the newest errors in the logs and at what was deployed or changed just before"
        } else {
            "fewer errors than usual: check that requests still arrive before being glad"
        }
    } else if about(&["latency", "duration", "response_time", "_seconds", "p99", "p95", "p50", "ttft"]) {
        if above {
            "compare with the latency of what this service calls and with its load; then with the last deploy"
        } else {
            "faster than usual: check that requests are served in full and not failing early"
        }
    } else if about(&["request", "rate", "throughput", "qps", "rps", "traffic", "tokens"]) {
        if above {
            "find the caller behind the extra load; consider a rate limit or more replicas"
        } else {
            "find out whether callers stopped, are blocked, or are routed elsewhere"
        }
    } else if about(&["cpu", "memory", "mem", "disk", "queue", "pool", "saturation", "connections", "threads"]) {
        if above {
            "find what uses it and how much is left; scale out or shed load before it is full"
        } else {
            "check that the service still does its work"
        }
    } else {
        "look at what changed at that time: deploys, configuration, traffic, and the services it depends on"
    };
    advice.to_owned()
}

fn range(low: f64, high: f64, unit: &str) -> String {
    let (scale, unit) = readable(low.abs().max(high.abs()), unit);
    let (low, high) = (number(low * scale), number(high * scale));
    if low == high { joined(&low, unit) } else { joined(&format!("{low}\u{2013}{high}"), unit) }
}

fn with_unit(value: f64, unit: &str) -> String {
    let (scale, unit) = readable(value.abs(), unit);
    joined(&number(value * scale), unit)
}

/// The unit in which values of this size read best, and the factor that takes them there.
fn readable(size: f64, unit: &str) -> (f64, &str) {
    const BINARY: [(f64, &str, &str); 4] = [
        (1_099_511_627_776.0, "TiB", "TiB/s"),
        (1_073_741_824.0, "GiB", "GiB/s"),
        (1_048_576.0, "MiB", "MiB/s"),
        (1_024.0, "KiB", "KiB/s"),
    ];
    let power = BINARY.iter().find(|(power, ..)| size >= *power);
    match (unit, power) {
        ("ratio", _) => (100.0, "%"),
        ("bytes", Some((power, word, _))) => (power.recip(), word),
        ("bytes/s", Some((power, _, word))) => (power.recip(), word),
        _ => (1.0, unit),
    }
}

fn joined(number: &str, unit: &str) -> String {
    match unit {
        "" => number.to_owned(),
        "%" | "/s" => format!("{number}{unit}"),
        _ => format!("{number} {unit}"),
    }
}

/// Three significant digits, plainly written where that is readable.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e9).contains(&size) {
        return format!("{value:.2e}");
    }
    let digits = (2 - size.log10().floor() as i32).clamp(0, 7) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn duration(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} minutes", seconds / 60),
        7200..=172_799 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SeriesDetector, Settings};
    use super::*;

    #[test]
    fn numbers_and_durations_read_well() {
        assert_eq!(number(812.4), "812");
        assert_eq!(number(0.012_34), "0.0123");
        assert_eq!(number(95.0), "95");
        assert_eq!(number(1.5), "1.5");
        assert_eq!(number(3e12), "3.00e12");
        assert_eq!(duration(1_800_000), "30 minutes");
        assert_eq!(range(0.0, 0.0, "%"), "0%");
        assert_eq!(range(0.0, 0.013, "ratio"), "0\u{2013}1.3%");
        assert_eq!(range(1_000.0, 4_077_899.0, "bytes/s"), "0.000954\u{2013}3.89 MiB/s");
        assert_eq!(with_unit(512.0, "bytes"), "512 bytes");
    }

    #[test]
    fn a_latency_fault_reads_as_a_sentence() {
        let mut detector = SeriesDetector::new(Settings::default());
        let mut last = None;
        for i in 0..60 {
            let value = if i < 58 { 100.0 + f64::from(i * 7919 % 21) } else { 812.0 };
            last = Some(detector.observe(i64::from(i) * 5000, value));
        }
        let words = explain(&last.unwrap(), "p99 latency", "ms", Quantity::Value);
        assert!(words.reason.starts_with("p99 latency is 812 ms; "), "{}", words.reason);
        assert!(words.reason.ends_with("it rose within 2 samples"), "{}", words.reason);
        assert!(words.reason.contains("was expected from the last"), "{}", words.reason);
        assert!(words.recommendation.contains("last deploy"));
    }

    #[test]
    fn silence_reads_as_silence() {
        let mut detector = SeriesDetector::new(Settings::default());
        for i in 0..60 {
            detector.observe(i * 5000, 3.0);
        }
        let verdict = detector.missing(59 * 5000 + 180_000).unwrap();
        let words = explain(&verdict, "cpu", "%", Quantity::Value);
        assert_eq!(words.reason, "cpu has sent nothing for 3 minutes; its last value was 3%");
    }

    #[test]
    fn a_counter_is_spoken_of_by_its_rate() {
        let mut detector = SeriesDetector::new(Settings::default());
        let mut last = None;
        for i in 0..60 {
            let value = if i < 58 { 1.0 + f64::from(i * 7919 % 21) / 100.0 } else { 8.99 };
            last = Some(detector.observe(i64::from(i) * 5000, value));
        }
        let words = explain(&last.unwrap(), "model_predictions_total", "", Quantity::Rate);
        assert!(words.reason.starts_with("the rate of model_predictions_total is 8.99/s; "), "{}", words.reason);
        assert!(words.reason.contains("/s was expected"), "{}", words.reason);
        let bytes = explain(&last.unwrap(), "sent_bytes_total", "bytes", Quantity::Rate);
        assert!(bytes.reason.starts_with("the rate of sent_bytes_total is 8.99 bytes/s; "), "{}", bytes.reason);
    }
}
