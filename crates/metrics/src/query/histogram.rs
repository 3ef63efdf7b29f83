//! Quantiles of classic histograms: cumulative counts in buckets with an upper bound in the label `le`.

use std::collections::HashMap;

use super::column::{ABSENT, Column, present};
use super::error::QueryError;
use super::time::Steps;
use crate::labels::{Labels, METRIC_NAME};

const BOUND: &str = "le";

/// Upper bound and cumulative count.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    bound: f64,
    count: f64,
}

/// The quantile of each histogram, that is of all series that differ only in `le` and name. Series without a readable `le` are left out.
pub(super) fn quantile(quantiles: &[f64], columns: Vec<Column>, steps: Steps) -> Result<Vec<Column>, QueryError> {
    let mut places: HashMap<Labels, usize> = HashMap::new();
    let mut histograms: Vec<(Labels, Vec<(f64, Column)>)> = Vec::new();
    for column in columns {
        let Some(bound) = column.labels.get(BOUND).and_then(parse_bound) else { continue };
        let labels = column.labels.without(&[BOUND, METRIC_NAME]);
        let place = *places.entry(labels.clone()).or_insert_with(|| {
            histograms.push((labels, Vec::new()));
            histograms.len() - 1
        });
        histograms[place].1.push((bound, column));
    }
    let mut answers = Vec::with_capacity(histograms.len());
    let mut buckets: Vec<Bucket> = Vec::new();
    for (labels, mut members) in histograms {
        members.sort_by(|a, b| a.0.total_cmp(&b.0));
        let values = (0..steps.count).map(|step| {
            buckets.clear();
            buckets.extend(members.iter().filter_map(|(bound, c)| Some(Bucket { bound: *bound, count: c.at(step)? })));
            if buckets.is_empty() { ABSENT } else { present(of_buckets(quantiles[step], &mut buckets)) }
        });
        answers.push(Column { labels, values: values.collect() });
    }
    Ok(answers)
}

/// As Go's `ParseFloat` reads it: also `+Inf` and `inf`, but no surrounding space.
fn parse_bound(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// `buckets` are sorted by bound and not empty; afterwards they are joined and made to grow.
fn of_buckets(q: f64, buckets: &mut Vec<Bucket>) -> f64 {
    if q.is_nan() {
        return f64::NAN;
    }
    if q < 0.0 {
        return f64::NEG_INFINITY;
    }
    if q > 1.0 {
        return f64::INFINITY;
    }
    if buckets.last().is_none_or(|last| last.bound != f64::INFINITY) {
        return f64::NAN;
    }
    join_equal_bounds(buckets);
    make_monotonic(buckets);
    let last = buckets.len() - 1;
    let observations = buckets[last].count;
    if last == 0 || observations == 0.0 {
        return f64::NAN;
    }
    let mut rank = q * observations;
    let found = buckets[..last].iter().position(|bucket| bucket.count >= rank).unwrap_or(last);
    if found == last {
        // Nothing is known about the values beyond the last finite bound.
        return buckets[last - 1].bound;
    }
    let Bucket { bound: end, mut count } = buckets[found];
    if found == 0 && end <= 0.0 {
        return end;
    }
    let mut start = 0.0;
    if found > 0 {
        start = buckets[found - 1].bound;
        count -= buckets[found - 1].count;
        rank -= buckets[found - 1].count;
    }
    start + (end - start) * (rank / count)
}

/// `le="1"` and `le="1.0"` are one bucket.
fn join_equal_bounds(buckets: &mut Vec<Bucket>) {
    buckets.dedup_by(|later, kept| {
        let same = later.bound == kept.bound;
        if same {
            kept.count += later.count;
        }
        same
    });
}

/// Cumulative counts cannot shrink; scraped ones can appear to, when buckets are read at different moments.
fn make_monotonic(buckets: &mut [Bucket]) {
    let mut largest = f64::NEG_INFINITY;
    for bucket in buckets {
        if bucket.count < largest {
            bucket.count = largest;
        } else if bucket.count > largest {
            largest = bucket.count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(q: f64, buckets: &[(f64, f64)]) -> f64 {
        of_buckets(q, &mut buckets.iter().map(|(bound, count)| Bucket { bound: *bound, count: *count }).collect())
    }

    #[test]
    fn interpolates_inside_the_bucket() {
        let buckets = [(0.1, 10.0), (0.5, 20.0), (1.0, 20.0), (f64::INFINITY, 40.0)];
        assert_eq!(of(0.125, &buckets), 0.05);
        assert_eq!(of(0.5, &buckets), 0.5);
        assert_eq!(of(0.9, &buckets), 1.0);
        assert_eq!(of(2.0, &buckets), f64::INFINITY);
    }

    #[test]
    fn what_is_no_histogram_has_no_quantile() {
        assert!(of(0.5, &[(1.0, 3.0)]).is_nan());
        assert!(of(0.5, &[(f64::INFINITY, 3.0)]).is_nan());
        assert!(of(0.5, &[(1.0, 0.0), (f64::INFINITY, 0.0)]).is_nan());
        assert!(of(f64::NAN, &[(1.0, 1.0), (f64::INFINITY, 1.0)]).is_nan());
    }

    #[test]
    fn counts_that_shrink_are_lifted_and_equal_bounds_joined() {
        assert_eq!(of(1.0, &[(1.0, 4.0), (2.0, 3.0), (f64::INFINITY, 4.0)]), 1.0);
        assert_eq!(of(0.5, &[(1.0, 1.0), (1.0, 1.0), (f64::INFINITY, 2.0)]), 0.5);
    }
}
