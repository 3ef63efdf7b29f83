//! Quantiles of values, by linear interpolation between the two nearest ranks; NaN sorts before every number.

use std::cmp::Ordering;

use super::window::View;

fn order(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
}

/// The `q`-quantile of sorted values. Beyond 0 and 1 it is minus and plus infinity, of nothing it is NaN.
pub(super) fn of_sorted(q: f64, sorted: &[f64]) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    if q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    let rank = q * last as f64;
    let lower = (rank.floor() as usize).min(last);
    let upper = (lower + 1).min(last);
    let weight = rank - rank.floor();
    sorted[lower] * (1.0 - weight) + sorted[upper] * weight
}

/// The `q`-quantile of values in any order; sorts them.
pub(super) fn of_unsorted(q: f64, values: &mut [f64]) -> f64 {
    values.sort_by(|a, b| order(*a, *b));
    of_sorted(q, values)
}

/// `quantile_over_time` with one `q` per step. The window is kept sorted while it slides.
pub(super) fn over_time(qs: &[f64]) -> impl FnMut(&View<'_>) -> Option<f64> {
    let mut sorted: Vec<f64> = Vec::new();
    let (mut first, mut end) = (0, 0);
    move |view| {
        if view.first >= end {
            sorted.clear();
            (first, end) = (view.first, view.first);
        }
        while first < view.first {
            let leaving = view.all[first].value;
            let place = sorted.partition_point(|value| order(*value, leaving) == Ordering::Less);
            sorted.remove(place);
            first += 1;
        }
        while end < view.end {
            let coming = view.all[end].value;
            let place = sorted.partition_point(|value| order(*value, coming) == Ordering::Less);
            sorted.insert(place, coming);
            end += 1;
        }
        Some(of_sorted(*qs.get(view.step)?, &sorted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        let values = [1.0, 2.0, 3.0, 4.0];
        for (q, expected) in
            [(0.0, 1.0), (0.5, 2.5), (1.0, 4.0), (0.25, 1.75), (-1.0, f64::NEG_INFINITY), (2.0, f64::INFINITY)]
        {
            assert_eq!(of_sorted(q, &values), expected, "{q}");
        }
        assert!(of_sorted(0.5, &[]).is_nan());
        assert!(of_sorted(f64::NAN, &values).is_nan());
        assert_eq!(of_unsorted(1.0, &mut [3.0, f64::NAN, 1.0]), 3.0);
    }
}
