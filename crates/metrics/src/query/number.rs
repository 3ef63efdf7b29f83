//! Numbers as Prometheus writes them: the shortest digits that read back as the same number, and of those the nearest, ties to even.
//! (The standard library finds digits just as short, but breaks ties upwards.)

/// A value as the HTTP API writes it: with an exponent for very large and very small magnitudes; `NaN`, `+Inf`, `-Inf`.
pub fn format_value(value: f64) -> String {
    let magnitude = value.abs();
    let is_plain = magnitude == 0.0 || (1e-6..1e21).contains(&magnitude);
    match Decimal::of(value) {
        Some(decimal) if is_plain => decimal.plain(),
        Some(decimal) => decimal.with_exponent(),
        None => not_finite(value),
    }
}

/// A value without an exponent, as `count_values` writes it into a label.
pub(super) fn format_plain(value: f64) -> String {
    Decimal::of(value).map_or_else(|| not_finite(value), |decimal| decimal.plain())
}

fn not_finite(value: f64) -> String {
    let text = if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "+Inf"
    } else {
        "-Inf"
    };
    text.to_owned()
}

/// A finite number: its sign and digits, with the decimal point after the first `point` of them.
#[derive(Debug)]
struct Decimal {
    sign: &'static str,
    digits: String,
    point: i32,
}

impl Decimal {
    fn of(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0');
        let n_zeros = all.len() - digits.len();
        let point = whole.len() as i32 - n_zeros as i32 + exponent.parse::<i32>().ok()?;
        let digits = digits.trim_end_matches('0').to_owned();
        Some(Self { sign: if value.is_sign_negative() { "-" } else { "" }, digits, point })
    }

    fn plain(&self) -> String {
        let Self { sign, digits, point } = self;
        if digits.is_empty() {
            return format!("{sign}0");
        }
        match usize::try_from(*point) {
            Ok(n_whole) if n_whole >= digits.len() => format!("{sign}{digits}{}", "0".repeat(n_whole - digits.len())),
            Ok(n_whole) if n_whole > 0 => format!("{sign}{}.{}", &digits[..n_whole], &digits[n_whole..]),
            _ => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        }
    }

    /// At least two digits of exponent, always with a sign.
    fn with_exponent(&self) -> String {
        let Self { sign, digits, point } = self;
        let (first, rest) = digits.split_at(1.min(digits.len()));
        let dot = if rest.is_empty() { "" } else { "." };
        let exponent = point - 1;
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        format!("{sign}{first}{dot}{rest}e{exponent_sign}{:02}", exponent.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_prometheus_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (-0.05, "-0.05"),
            (0.1 + 0.2, "0.30000000000000004"),
            (123_456_789_012.0, "123456789012"),
            (1e15 + 446.25, "1000000000000446.2"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-2.5e-7, "-2.5e-07"),
            (1e-6, "0.000001"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(format_value(value), text);
        }
        assert_eq!(format_plain(1e22), "10000000000000000000000");
        assert_eq!(format_plain(-1e-9), "-0.000000001");
    }

    proptest::proptest! {
        #[test]
        fn every_number_reads_back(bits: u64) {
            let value = f64::from_bits(bits);
            for text in [format_value(value), format_plain(value)] {
                let back: f64 = text.parse().unwrap();
                proptest::prop_assert!(back.to_bits() == bits || (back.is_nan() && value.is_nan()), "{text}");
            }
        }
    }
}
