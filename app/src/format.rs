//! Numbers, units and times as people read them.
//!
//! Always true: pure; the same input gives the same text on the server and in the browser; times are UTC.

use domain::Time;

pub(crate) use crate::segment::segment;

/// What stands where there is no value.
pub(crate) const NONE: &str = "–";

/// Three significant digits, with thousands as `k`, `M`, `G`.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let size = value.abs();
    let (scaled, suffix) = match size {
        s if s >= 1e12 => return format!("{value:.2e}"),
        s if s >= 999_500_000.0 => (value / 1e9, "G"),
        s if s >= 999_500.0 => (value / 1e6, "M"),
        s if s >= 9_999.5 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    format!("{}{suffix}", digits(scaled))
}

/// Up to three significant digits, no trailing zeros.
fn digits(value: f64) -> String {
    let size = value.abs();
    let places = match size {
        s if s >= 99.95 || s == 0.0 => 0,
        s if s >= 9.995 => 1,
        s if s >= 0.9995 => 2,
        s if s >= 0.001 => 3,
        _ => return format!("{value:.1e}"),
    };
    let text = format!("{value:.places$}");
    let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A count with thin groups of thousands.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Bytes in powers of 1,024.
pub(crate) fn bytes(value: f64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let (mut scaled, mut unit) = (value, 0);
    // From 1,000 on, so that three digits always do.
    while scaled.abs() >= 1_000.0 && unit + 1 < UNITS.len() {
        scaled /= 1_024.0;
        unit += 1;
    }
    format!("{} {}", digits(scaled), UNITS[unit])
}

/// Milliseconds, in the unit that reads best.
pub(crate) fn millis(value: f64) -> String {
    match value.abs() {
        s if !s.is_finite() => NONE.to_owned(),
        s if s < 1.0 && s > 0.0 => format!("{} µs", digits(value * 1e3)),
        s if s < 999.5 => format!("{} ms", digits(value)),
        s if s < 59_950.0 => format!("{} s", digits(value / 1e3)),
        s if s < 3_597_000.0 => format!("{} min", digits(value / 6e4)),
        _ => format!("{} h", digits(value / 3.6e6)),
    }
}

/// A share of one as a percentage.
pub(crate) fn share(value: f64) -> String {
    percent(value * 100.0)
}

/// A percentage.
pub(crate) fn percent(value: f64) -> String {
    if value.is_finite() { format!("{} %", digits(value)) } else { NONE.to_owned() }
}

/// A value in the unit its metric names; an unknown unit follows the number as it is.
pub(crate) fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "" | "1" | "count" => number(value),
        "ms" | "milliseconds" => millis(value),
        "s" | "seconds" => millis(value * 1e3),
        "bytes" | "B" => bytes(value),
        "bytes/s" => format!("{}/s", bytes(value)),
        "ratio" | "share" => share(value),
        "%" | "percent" => percent(value),
        "/s" | "req/s" | "per_second" => format!("{}/s", number(value)),
        _ => format!("{} {unit}", number(value)),
    }
}

/// The name under which the charts module knows a unit; empty when it does not.
pub(crate) fn chart_unit(unit: &str) -> &'static str {
    match unit {
        "ms" | "milliseconds" => "milliseconds",
        "s" | "seconds" => "seconds",
        "bytes" | "B" => "bytes",
        "ratio" | "share" => "ratio",
        "%" | "percent" => "percent",
        "/s" | "req/s" | "per_second" => "per_second",
        "" | "1" | "count" => "count",
        _ => "",
    }
}

/// [`with_unit`], or a dash.
pub(crate) fn maybe(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| with_unit(value, unit))
}

/// The instant to the second, in UTC.
pub(crate) fn instant(at: Time) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// For `datetime` attributes.
pub(crate) fn rfc3339(at: Time) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// How long ago, or in how long; what lies within a few seconds is now.
pub(crate) fn relative(at: Time, now: Time) -> String {
    let seconds = (now - at).num_seconds();
    match seconds {
        -4..=4 => "just now".to_owned(),
        s if s > 0 => format!("{} ago", span(s)),
        s => format!("in {}", span(-s)),
    }
}

/// A length of time in its largest whole unit.
pub(crate) fn span(seconds: i64) -> String {
    match seconds {
        s if s < 60 => format!("{s} s"),
        s if s < 3_600 => format!("{} min", s / 60),
        s if s < 86_400 => format!("{} h", s / 3_600),
        s => format!("{} d", s / 86_400),
    }
}

/// Change against an earlier value, such as `+12 %`; nothing where there is nothing to compare.
pub(crate) fn change(value: Option<f64>, before: Option<f64>) -> Option<String> {
    let (value, before) = (value?, before?);
    if !(value.is_finite() && before.is_finite()) || before == 0.0 {
        return None;
    }
    let percent = (value - before) / before.abs() * 100.0;
    let sign = if percent > 0.0 { "+" } else { "" };
    Some(format!("{sign}{} %", digits(percent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_significant_digits() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (1.234_5, "1.23"),
            (12.345, "12.3"),
            (99.96, "100"),
            (1_234.4, "1234"),
            (12_340.0, "12.3k"),
            (999_499.0, "999k"),
            (999_501.0, "1M"),
            (2.5e9, "2.5G"),
            (0.004_2, "0.004"),
            (0.000_42, "4.2e-4"),
            (-12.5, "-12.5"),
            (f64::NAN, NONE),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value}");
        }
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(count(12), "12");
    }

    #[test]
    fn units_follow_the_metric() {
        let cases = [
            (1_536.0, "bytes", "1.5 KiB"),
            (1_023.0, "bytes", "0.999 KiB"),
            (999.0, "bytes", "999 B"),
            (0.25, "ms", "250 µs"),
            (850.0, "ms", "850 ms"),
            (1_500.0, "ms", "1.5 s"),
            (90.0, "s", "1.5 min"),
            (0.032, "ratio", "3.2 %"),
            (99.9, "%", "99.9 %"),
            (12.0, "req/s", "12/s"),
            (12.0, "tokens", "12 tokens"),
            (3.0, "", "3"),
        ];
        for (value, unit, text) in cases {
            assert_eq!(with_unit(value, unit), text);
        }
        assert_eq!(maybe(None, "ms"), NONE);
    }

    #[test]
    fn times_are_relative_to_the_given_now() {
        let at = |s: i64| Time::from_timestamp(1_000_000 + s, 0).unwrap();
        let cases = [(0, "just now"), (-12, "12 s ago"), (-3_700, "1 h ago"), (-200_000, "2 d ago"), (90, "in 1 min")];
        for (offset, text) in cases {
            assert_eq!(relative(at(offset), at(0)), text);
        }
        assert_eq!(instant(at(0)), "1970-01-12 13:46:40 UTC");
        assert_eq!(rfc3339(at(0)), "1970-01-12T13:46:40Z");
    }

    #[test]
    fn a_change_needs_something_to_compare_with() {
        assert_eq!(change(Some(112.0), Some(100.0)).as_deref(), Some("+12 %"));
        assert_eq!(change(Some(50.0), Some(100.0)).as_deref(), Some("-50 %"));
        assert_eq!(change(Some(1.0), Some(0.0)), None);
        assert_eq!(change(None, Some(1.0)), None);
    }
}
