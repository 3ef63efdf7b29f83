//! What OpenMetrics demands of the lines of a metric family together.
//!
//! Always true here: families, and the metrics within a family, come in one piece; what closed is only remembered by hashes.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use super::{Item, MetricType, Reason, Row, histogram::Histogram};

/// Everything seen so far.
#[derive(Debug, Default)]
pub(super) struct Families {
    current: Family,
    /// Hashes of every name a sample of a family so far can have.
    reserved: HashSet<u64>,
    /// Hashes of the label sets of the metrics of the current family that are closed.
    closed: HashSet<u64>,
}

/// The family whose lines are being read.
#[derive(Debug, Default)]
struct Family {
    name: String,
    kind: Option<MetricType>,
    unit: Option<String>,
    has_help: bool,
    has_samples: bool,
    metric: Option<Metric>,
}

/// Samples with the same labels, but for those that tell the parts of one metric apart.
#[derive(Debug)]
struct Metric {
    labels: u64,
    /// The seconds as written would be exact, but ms decide where the samples go.
    ts: Option<i64>,
    histogram: Histogram,
}

impl Families {
    pub(super) fn metadata(&mut self, item: &Item<'_, '_>) -> Result<(), Reason> {
        let (Item::Type { family: name, .. } | Item::Help { family: name, .. } | Item::Unit { family: name, .. }) =
            item
        else {
            return Ok(());
        };
        if *name != self.current.name {
            self.open(name)?;
        }
        let family = &mut self.current;
        if family.has_samples {
            return Err(Reason::Family("the metadata of a family must come before its samples"));
        }
        match item {
            Item::Help { .. } if std::mem::replace(&mut family.has_help, true) => return Err(REPEATED),
            Item::Unit { .. } if family.unit.is_some() => return Err(REPEATED),
            Item::Type { .. } if family.kind.is_some() => return Err(REPEATED),
            Item::Unit { unit, .. } => family.unit = Some((*unit).to_owned()),
            Item::Type { kind, .. } => {
                family.kind = Some(*kind);
                self.reserve(*kind)?;
            }
            _ => {}
        }
        self.current.check_unit()
    }

    pub(super) fn sample(&mut self, row: &Row<'_>) -> Result<(), Reason> {
        let suffix = match self.current.suffix(&row.name) {
            Some(suffix) => suffix,
            None => {
                self.open(&row.name)?;
                ""
            }
        };
        let kind = self.current.kind.unwrap_or(MetricType::Unknown);
        check_sample(row, &self.current.name, kind, suffix)?;
        self.current.has_samples = true;
        self.group(row, kind, suffix)
    }

    pub(super) fn finish(mut self) -> Result<(), Reason> {
        self.close()
    }

    /// Ends the family before and begins the one called `name`.
    fn open(&mut self, name: &str) -> Result<(), Reason> {
        self.close()?;
        if !self.reserved.insert(xxh3_64(name.as_bytes())) {
            return Err(Reason::Clash(crate::labels::shorten(name)));
        }
        self.current = Family { name: name.to_owned(), ..Family::default() };
        Ok(())
    }

    fn close(&mut self) -> Result<(), Reason> {
        self.closed.clear();
        match self.current.metric.take() {
            Some(metric) => metric.histogram.finish(),
            None => Ok(()),
        }
    }

    /// No other family may have the names that samples of this one can have.
    fn reserve(&mut self, kind: MetricType) -> Result<(), Reason> {
        for suffix in suffixes(kind).iter().filter(|suffix| !suffix.is_empty()) {
            let name = format!("{}{suffix}", self.current.name);
            if !self.reserved.insert(xxh3_64(name.as_bytes())) {
                return Err(Reason::Clash(crate::labels::shorten(&name)));
            }
        }
        Ok(())
    }

    /// Checks that the samples of one metric are together and in order.
    fn group(&mut self, row: &Row<'_>, kind: MetricType, suffix: &str) -> Result<(), Reason> {
        let labels = labels_hash(row, kind, &self.current.name);
        let before = self.current.metric.take();
        let mut metric = match before {
            Some(metric) if metric.labels == labels => metric,
            before => {
                if let Some(before) = before {
                    self.closed.insert(before.labels);
                    before.histogram.finish()?;
                }
                if self.closed.contains(&labels) {
                    return Err(Reason::Family("the samples of one metric must be together"));
                }
                Metric { labels, ts: row.ts, histogram: Histogram::new(kind) }
            }
        };
        match (metric.ts, row.ts) {
            (Some(before), Some(now)) if before > now => {
                return Err(Reason::Family("the timestamps of one metric must not go back"));
            }
            (Some(before), Some(now)) if before < now => {
                std::mem::replace(&mut metric.histogram, Histogram::new(kind)).finish()?;
                metric.ts = Some(now);
            }
            (Some(_), None) | (None, Some(_)) => {
                return Err(Reason::Family("either all samples of one metric have a timestamp or none"));
            }
            _ => {}
        }
        metric.histogram.add(row, suffix)?;
        self.current.metric = Some(metric);
        Ok(())
    }
}

const REPEATED: Reason = Reason::Family("a family may say its help, type and unit once each");

impl Family {
    /// The suffix by which `sample` belongs to this family, if it does.
    fn suffix(&self, sample: &str) -> Option<&'static str> {
        let rest = sample.strip_prefix(self.name.as_str()).filter(|_| !self.name.is_empty())?;
        suffixes(self.kind.unwrap_or(MetricType::Unknown)).iter().copied().find(|suffix| *suffix == rest)
    }

    fn check_unit(&self) -> Result<(), Reason> {
        let Some(unit) = self.unit.as_deref().filter(|unit| !unit.is_empty()) else { return Ok(()) };
        if matches!(self.kind, Some(MetricType::Info | MetricType::StateSet)) {
            return Err(Reason::Family("an info or stateset has no unit"));
        }
        if !self.name.strip_suffix(unit).is_some_and(|name| name.ends_with('_')) {
            return Err(Reason::Family("the name of a family must end with its unit"));
        }
        Ok(())
    }
}

const fn suffixes(kind: MetricType) -> &'static [&'static str] {
    match kind {
        MetricType::Counter => &["_total", "_created"],
        MetricType::Histogram => &["_bucket", "_count", "_sum", "_created"],
        MetricType::GaugeHistogram => &["_bucket", "_gcount", "_gsum"],
        MetricType::Summary => &["", "_count", "_sum", "_created"],
        MetricType::Info => &["_info"],
        MetricType::Gauge | MetricType::StateSet | MetricType::Unknown => &[""],
    }
}

/// The label that tells the parts of one metric apart.
fn part_label(kind: MetricType, family: &str) -> Option<&str> {
    match kind {
        MetricType::Histogram | MetricType::GaugeHistogram => Some("le"),
        MetricType::Summary => Some("quantile"),
        MetricType::StateSet => Some(family),
        _ => None,
    }
}

/// The same for the same labels in any order.
fn labels_hash(row: &Row<'_>, kind: MetricType, family: &str) -> u64 {
    let part = part_label(kind, family);
    row.labels.iter().filter(|(name, _)| Some(name.as_ref()) != part).fold(0, |sum, (name, value)| {
        let pair = [xxh3_64(name.as_bytes()).to_le_bytes(), xxh3_64(value.as_bytes()).to_le_bytes()];
        sum.wrapping_add(xxh3_64(pair.as_flattened()))
    })
}

/// Checks what a sample must be for its type.
fn check_sample(row: &Row<'_>, family: &str, kind: MetricType, suffix: &str) -> Result<(), Reason> {
    let counts = matches!(suffix, "_total" | "_bucket" | "_count" | "_gcount");
    let sums = matches!(suffix, "_sum" | "_gsum");
    let value = row.value;
    if (counts || sums) && value.is_nan() {
        return Err(Reason::Family("a count or sum must not be NaN"));
    }
    if (counts || suffix == "_sum") && value < 0.0 {
        return Err(Reason::Family("a count or sum must not be negative"));
    }
    if row.exemplar.is_some() && !matches!(suffix, "_total" | "_bucket") {
        return Err(Reason::Family("only counters and buckets may have exemplars"));
    }
    match kind {
        MetricType::Summary if suffix.is_empty() => {
            let quantile = row.label("quantile").and_then(|q| q.parse::<f64>().ok());
            if !quantile.is_some_and(|q| (0.0..=1.0).contains(&q)) {
                return Err(Reason::Family("a summary needs the label `quantile`, from 0 to 1"));
            }
            if value < 0.0 {
                return Err(Reason::Family("a quantile must not be negative"));
            }
        }
        MetricType::Info if value.to_bits() != 1.0_f64.to_bits() => {
            return Err(Reason::Family("an info has the value 1"));
        }
        MetricType::StateSet => {
            if row.label(family).is_none() {
                return Err(Reason::Family("a stateset needs a label with its own name"));
            }
            if value != 0.0 && value.to_bits() != 1.0_f64.to_bits() {
                return Err(Reason::Family("a state is 0 or 1"));
            }
        }
        _ => {}
    }
    Ok(())
}
