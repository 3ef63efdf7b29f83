//! One measurement: a time and a value.
//!
//! Always true here: times are milliseconds since the Unix epoch, values keep every bit they came with. Two NaNs
//! differ in meaning (see [`STALE_NAN_BITS`]), so values are compared by their bits.

/// The bits of the NaN with which Prometheus says "this series ended here". Any other NaN is a value somebody measured.
pub const STALE_NAN_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The bits every ordinary NaN is given when a text format names it only as `NaN`.
pub const NORMAL_NAN_BITS: u64 = 0x7ff8_0000_0000_0001;

/// The staleness marker as a value.
pub const STALE_NAN: f64 = f64::from_bits(STALE_NAN_BITS);

/// Whether `value` is the staleness marker, which no arithmetic may touch.
#[must_use]
pub const fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE_NAN_BITS
}

/// One measurement of one series.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Milliseconds since the Unix epoch.
    pub ts: i64,
    /// What was measured, bit for bit.
    pub value: f64,
}

impl Sample {
    /// A measurement of `value` at `ts` milliseconds.
    #[must_use]
    pub const fn new(ts: i64, value: f64) -> Self {
        Self { ts, value }
    }

    /// Whether this is the staleness marker.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        is_stale(self.value)
    }
}

/// Equal bits: a NaN equals the same NaN, and 0.0 differs from -0.0.
impl PartialEq for Sample {
    fn eq(&self, other: &Self) -> bool {
        self.ts == other.ts && self.value.to_bits() == other.value.to_bits()
    }
}

impl Eq for Sample {}

/// Joins two runs, each sorted by time, into `into` (which is cleared). Where both have a time, `first` wins.
pub fn merge(first: &[Sample], second: &[Sample], into: &mut Vec<Sample>) {
    into.clear();
    into.reserve(first.len() + second.len());
    let (mut a, mut b) = (first.iter().peekable(), second.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        if x.ts <= y.ts {
            if x.ts == y.ts {
                b.next();
            }
            into.extend(a.next());
        } else {
            into.extend(b.next());
        }
    }
    into.extend(a);
    into.extend(b);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_staleness_marker_is_not_an_ordinary_nan() {
        assert!(STALE_NAN.is_nan() && Sample::new(0, STALE_NAN).is_stale());
        assert!(!is_stale(f64::NAN) && !is_stale(f64::from_bits(NORMAL_NAN_BITS)));
        assert_eq!(Sample::new(1, STALE_NAN), Sample::new(1, STALE_NAN));
        assert_ne!(Sample::new(1, STALE_NAN), Sample::new(1, f64::NAN));
    }

    #[test]
    fn merging_keeps_order_and_lets_the_first_win() {
        let s = |ts, v| Sample::new(ts, v);
        let mut out = vec![s(9, 9.0)];
        merge(&[s(1, 1.0), s(3, 1.0), s(7, 1.0)], &[s(0, 2.0), s(3, 2.0), s(8, 2.0)], &mut out);
        assert_eq!(out, [s(0, 2.0), s(1, 1.0), s(3, 1.0), s(7, 1.0), s(8, 2.0)]);
        merge(&[], &[s(1, 2.0)], &mut out);
        assert_eq!(out, [s(1, 2.0)]);
    }
}
