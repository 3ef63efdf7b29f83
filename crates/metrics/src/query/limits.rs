//! How much one query may read and compute. Every allocation that grows with data or with steps is spent here first.

use super::error::{ErrorKind, QueryError};

/// Bounds on one evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Series in any one selection or intermediate result.
    pub max_series: usize,
    /// Points per series of the answer, that is evaluation steps.
    pub max_points: usize,
    /// Samples read plus values computed, summed over the whole evaluation.
    pub max_samples: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_series: 50_000, max_points: 11_000, max_samples: 50_000_000 }
    }
}

/// What is left of the limits while a query is evaluated.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    spent: usize,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, spent: 0 }
    }

    pub(super) fn points(&self, steps: usize) -> Result<(), QueryError> {
        check("max_points", steps, self.limits.max_points, "points per series", "use a larger step or a shorter range")
    }

    pub(super) fn series(&self, count: usize) -> Result<(), QueryError> {
        check("max_series", count, self.limits.max_series, "series", "select fewer series with label matchers")
    }

    pub(super) fn samples(&mut self, count: usize) -> Result<(), QueryError> {
        self.spent = self.spent.saturating_add(count);
        check(
            "max_samples",
            self.spent,
            self.limits.max_samples,
            "samples",
            "use a shorter range, a larger step or fewer series",
        )
    }
}

fn check(limit: &str, needed: usize, allowed: usize, what: &str, hint: &str) -> Result<(), QueryError> {
    if needed <= allowed {
        return Ok(());
    }
    let message = format!("the query needs at least {needed} {what}, more than the limit {limit} = {allowed}");
    Err(QueryError::new(ErrorKind::Limit, message, hint))
}
