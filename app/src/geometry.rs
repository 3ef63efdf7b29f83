//! From values to the numbers a drawing needs: ranges, ticks and paths.
//!
//! Always true: pure; no panic on gaps, constants, infinities or nothing at all; y grows downward, as SVG has it.

use std::fmt::Write;

use domain::overview::Chart;

/// The range of finite values, widened when it is a single point.
pub(crate) fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|value| value.is_finite());
    let (low, high) = finite.fold(None, |range: Option<(f64, f64)>, value| {
        Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    })?;
    if low < high {
        return Some((low, high));
    }
    // Nothing but zeros lies on the floor, not in the air.
    if low == 0.0 {
        return Some((0.0, 1.0));
    }
    let pad = low.abs() * 0.1;
    Some((low - pad, high + pad))
}

/// An axis: round ticks that enclose the data. Starts at zero unless the data is far from it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) ticks: Vec<f64>,
}

impl Axis {
    /// The distance between two ticks.
    pub(crate) fn step(&self) -> f64 {
        match self.ticks.as_slice() {
            [first, second, ..] => second - first,
            _ => self.high - self.low,
        }
    }
}

/// An axis of about `n` steps of 1, 2 or 5 times a power of ten.
pub(crate) fn axis(low: f64, high: f64, n: u32) -> Axis {
    let low = if low > 0.0 && low < high * 0.6 { 0.0 } else { low };
    let rough = (high - low) / f64::from(n.max(1));
    let power = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough * 0.999).unwrap_or(rough);
    if !(step.is_finite() && step > 0.0) {
        return Axis { low, high, ticks: vec![low, high] };
    }
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let mut ticks = Vec::new();
    let mut at = first;
    while at <= last && ticks.len() < 32 {
        ticks.push(at * step);
        at += 1.0;
    }
    Axis { low: first * step, high: last * step, ticks }
}

/// The value axis of a chart: its lines, expected band and threshold together; bytes in steps that are round as KiB, MiB, GiB.
pub(crate) fn value_axis(chart: &Chart) -> Option<Axis> {
    let values = chart.lines.iter().flat_map(|line| line.values.iter().flatten().copied());
    let band = chart.expected.into_iter().flat_map(|(low, high)| [low, high]);
    let (low, high) = range(values.chain(band).chain(chart.threshold))?;
    let size =
        if matches!(chart.unit.as_str(), "bytes" | "B") { power_of_1024(low.abs().max(high.abs())) } else { 1.0 };
    let axis = axis(low / size, high / size, 4);
    let ticks = axis.ticks.into_iter().map(|tick| tick * size).collect();
    Some(Axis { low: axis.low * size, high: axis.high * size, ticks })
}

/// The largest power of 1,024 that is not above the value, at least 1.
fn power_of_1024(value: f64) -> f64 {
    let mut power = 1.0;
    while power * 1_024.0 <= value && power < 1e15 {
        power *= 1_024.0;
    }
    power
}

/// Places a value of `from` in 0 to `size`.
pub(crate) fn place(value: f64, from: (f64, f64), size: f64) -> f64 {
    (value - from.0) / (from.1 - from.0) * size
}

/// The path of a line; a gap lifts the pen.
pub(crate) fn path(points: impl IntoIterator<Item = (f64, Option<f64>)>) -> String {
    let mut path = String::new();
    let mut is_down = false;
    for (x, y) in points {
        match y.filter(|y| y.is_finite() && x.is_finite()) {
            Some(y) => {
                // Writing to a string cannot fail.
                let _ = write!(path, "{}{x:.1} {y:.1}", if is_down { "L" } else { "M" });
                is_down = true;
            }
            None => is_down = false,
        }
    }
    path
}

/// The path of evenly spaced values in a box, oldest left.
pub(crate) fn spark(values: &[f64], width: f64, height: f64) -> String {
    let Some(range) = range(values.iter().copied()) else { return String::new() };
    let last = values.len().saturating_sub(1).max(1);
    path(values.iter().enumerate().map(|(i, value)| {
        // Sparklines have at most a few hundred points.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let x = i as f64 / last as f64 * width;
        (x, Some(height - place(*value, range, height)))
    }))
}

/// Steps between marks of a time axis, in seconds: round for people.
const TIME_STEPS: [i64; 12] = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

/// About `n` round instants in a span of Unix milliseconds.
pub(crate) fn time_ticks(from_ms: i64, to_ms: i64, n: i64) -> Vec<i64> {
    let rough = (to_ms - from_ms).max(1) / 1_000 / n.max(1);
    let step =
        TIME_STEPS.into_iter().find(|step| *step >= rough).unwrap_or_else(|| (rough / 86_400 + 1) * 86_400) * 1_000;
    let first = from_ms.div_euclid(step) * step + step;
    (0..64).map(|i| first + i * step).take_while(|at| *at <= to_ms).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ignores_what_is_not_a_number() {
        assert_eq!(range([1.0, f64::NAN, 3.0, f64::INFINITY]), Some((1.0, 3.0)));
        assert_eq!(range([5.0, 5.0]), Some((4.5, 5.5)));
        assert_eq!(range([0.0]), Some((0.0, 1.0)));
        assert_eq!(range([]), None);
    }

    #[test]
    fn ticks_are_round_and_enclose_the_data() {
        assert_eq!(axis(12.0, 97.0, 4).ticks, [0.0, 50.0, 100.0]);
        assert_eq!(
            axis(990.0, 1_010.0, 4),
            Axis { low: 990.0, high: 1_010.0, ticks: vec![990.0, 995.0, 1_000.0, 1_005.0, 1_010.0] }
        );
        for (low, high) in [(1.0, 1.0), (f64::MIN, f64::MAX), (-5.0, -1.0)] {
            assert!(!axis(low, high, 4).ticks.is_empty(), "{low} {high}");
        }
    }

    #[test]
    fn bytes_are_marked_where_they_are_round_in_their_unit() {
        const MIB: f64 = 1_048_576.0;
        let line = domain::overview::Line { label: String::new(), times: vec![0], values: vec![Some(41.2 * MIB)] };
        let chart = Chart {
            title: String::new(),
            metric: String::new(),
            unit: "bytes".into(),
            lines: vec![line],
            threshold: None,
            expected: Some((36.0 * MIB, 45.0 * MIB)),
            marks: vec![],
        };
        let axis = value_axis(&chart).unwrap();
        assert_eq!(axis.ticks, [35.0, 40.0, 45.0].map(|tick| tick * MIB));
        assert_eq!(value_axis(&Chart { lines: vec![], expected: None, ..chart }), None);
    }

    #[test]
    fn a_gap_lifts_the_pen() {
        let points = [(0.0, Some(1.0)), (1.0, None), (2.0, Some(f64::NAN)), (3.0, Some(2.0)), (4.0, Some(3.0))];
        assert_eq!(path(points), "M0.0 1.0M3.0 2.0L4.0 3.0");
    }

    #[test]
    fn a_spark_fills_its_box() {
        assert_eq!(spark(&[0.0, 10.0], 100.0, 20.0), "M0.0 20.0L100.0 0.0");
        assert_eq!(spark(&[], 100.0, 20.0), "");
        assert_eq!(spark(&[3.0], 100.0, 20.0), "M0.0 10.0");
    }

    #[test]
    fn times_are_marked_at_round_minutes() {
        let hour = time_ticks(30_000, 3_630_000, 4);
        assert_eq!(hour, [900_000, 1_800_000, 2_700_000, 3_600_000]);
        assert!(time_ticks(0, 0, 4).is_empty());
    }
}
