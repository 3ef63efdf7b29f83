//! The head against what it promises.

mod ingest;
mod lifecycle;
mod model;
mod select;

use super::*;
use crate::{Batch, Labels, Sample};

/// A label set that is its own for every `n`.
fn labels(n: u64) -> Labels {
    Labels::from_pairs([("__name__", "m"), ("n", &n.to_string())]).unwrap()
}

fn head(seal_at: usize) -> Head {
    Head::new(HeadConfig { max_series: 100, seal_at, keep_confirmed: 1 })
}

/// A batch of samples of one series, resolved by `head`.
fn batch(head: &Head, n: u64, samples: &[(i64, f64)]) -> Batch {
    let mut batch = Batch::default();
    let id = head.resolve(&labels(n), &mut batch).unwrap();
    samples.iter().for_each(|(ts, value)| batch.push(id, Sample::new(*ts, *value)));
    batch
}

fn read(head: &Head, n: u64) -> Vec<(i64, f64)> {
    let mut out = vec![];
    head.read(labels(n).id(), i64::MIN, i64::MAX, &mut out).unwrap();
    out.iter().map(|s| (s.ts, s.value)).collect()
}

fn counts(outcome: &Outcome) -> [u64; 4] {
    [outcome.appended, outcome.out_of_order, outcome.duplicate, outcome.late]
}
