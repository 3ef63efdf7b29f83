//! What a query answers.

use super::series::Series;
use crate::labels::Labels;
use crate::sample::Sample;

/// One element of an instant vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    pub labels: Labels,
    pub sample: Sample,
}

/// The answer: an instant query gives a scalar, a vector or (for a bare range selector) a matrix; a range query always a matrix.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Scalar(Sample),
    /// In the order of evaluation, which is the order of value for `sort` and `topk`.
    Vector(Vec<Element>),
    /// Sorted by labels; no series is empty.
    Matrix(Vec<Series>),
}

impl Value {
    /// The same answer as a matrix, for a range query whose start is its end.
    #[must_use]
    pub fn into_matrix(self) -> Self {
        let mut series = match self {
            Self::Scalar(sample) => vec![Series { labels: Labels::empty(), samples: vec![sample] }],
            Self::Vector(elements) => {
                elements.into_iter().map(|e| Series { labels: e.labels, samples: vec![e.sample] }).collect()
            }
            Self::Matrix(series) => series,
        };
        series.sort_by(|a, b| a.labels.cmp(&b.labels));
        Self::Matrix(series)
    }
}
