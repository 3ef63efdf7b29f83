//! What OpenMetrics demands of the samples of one histogram.

use super::{MetricType, Reason, Row};

/// The samples of one histogram at one time; checks nothing for other types.
#[derive(Debug)]
pub(super) struct Histogram {
    kind: MetricType,
    has_any: bool,
    has_negative_bound: bool,
    /// Bound and count of the bucket before.
    last: Option<(f64, f64)>,
    count: Option<f64>,
    sum: Option<f64>,
}

impl Histogram {
    pub(super) const fn new(kind: MetricType) -> Self {
        Self { kind, has_any: false, has_negative_bound: false, last: None, count: None, sum: None }
    }

    const fn is_checked(&self) -> bool {
        matches!(self.kind, MetricType::Histogram | MetricType::GaugeHistogram)
    }

    /// Takes one sample in.
    pub(super) fn add(&mut self, row: &Row<'_>, suffix: &str) -> Result<(), Reason> {
        if !self.is_checked() || suffix == "_created" {
            return Ok(());
        }
        self.has_any = true;
        match suffix {
            "_count" | "_gcount" => self.count = Some(row.value),
            "_sum" | "_gsum" => self.sum = Some(row.value),
            _ => self.bucket(row.label("le"), row.value)?,
        }
        Ok(())
    }

    fn bucket(&mut self, le: Option<&str>, count: f64) -> Result<(), Reason> {
        let bound = le.and_then(|le| le.parse::<f64>().ok()).filter(|bound| !bound.is_nan());
        let bound = bound.filter(|bound| bound.is_finite() || le == Some("+Inf"));
        let Some(bound) = bound else {
            return Err(Reason::Family("a bucket needs the label `le`: a number, or +Inf"));
        };
        if let Some((last_bound, last_count)) = self.last {
            if bound < last_bound {
                return Err(Reason::Family("the buckets of a histogram must have rising bounds"));
            }
            if count < last_count {
                return Err(Reason::Family("the buckets of a histogram must have rising counts"));
            }
        }
        self.has_negative_bound |= bound < 0.0;
        self.last = Some((bound, count));
        Ok(())
    }

    /// Checks the whole.
    pub(super) fn finish(self) -> Result<(), Reason> {
        if !self.is_checked() || !self.has_any {
            return Ok(());
        }
        let Some((_, total)) = self.last.filter(|(bound, _)| bound.is_infinite()) else {
            return Err(Reason::Family("a histogram needs a last bucket with the bound +Inf"));
        };
        if self.count.is_some_and(|count| count.to_bits() != total.to_bits()) {
            return Err(Reason::Family("the count of a histogram must equal its +Inf bucket"));
        }
        let is_gauge = self.kind == MetricType::GaugeHistogram;
        if self.has_negative_bound && !is_gauge && self.sum.is_some() {
            return Err(Reason::Family("a histogram with negative bounds has no sum"));
        }
        if !self.has_negative_bound && self.sum.is_some_and(|sum| sum < 0.0) {
            return Err(Reason::Family("the sum of a histogram without negative bounds must not be negative"));
        }
        let sum_is_optional = self.has_negative_bound && !is_gauge;
        if self.count.is_some() != self.sum.is_some() && !(sum_is_optional && self.sum.is_none()) {
            return Err(Reason::Family("a histogram has both a count and a sum, or neither"));
        }
        Ok(())
    }
}
