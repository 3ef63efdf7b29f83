//! What a query reads and, as a matrix, answers: a label set with its samples.

use crate::labels::Labels;
use crate::sample::Sample;

/// A label set and its samples, strictly ascending in time. Staleness markers stay in: they end the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub labels: Labels,
    pub samples: Vec<Sample>,
}
