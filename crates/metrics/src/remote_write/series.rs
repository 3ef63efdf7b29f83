//! One series of a write request, still in the bytes it came in.

use super::{
    RemoteWriteError,
    wire::{Value, field},
};
use crate::{
    LabelError, LabelLimits, Labels, LabelsBuilder, Sample, head::RawKey, labels::METRIC_NAME, varint::Cursor,
};

const LABELS: u64 = 1;
const SAMPLES: u64 = 2;
const EXEMPLARS: u64 = 3;
const HISTOGRAMS: u64 = 4;

/// Where a series is in a request, and what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: usize,
    end: usize,
    /// All labels lie before this, and nothing else does: how every known sender writes. Otherwise `start`.
    labels_end: usize,
    pub(super) n_samples: usize,
    n_exemplars: usize,
    n_histograms: usize,
}

impl Span {
    /// Walks over the fields of a series that ends at `end`. Samples are looked into, labels are not.
    pub(super) fn find(body: &[u8], end: usize) -> Result<Self, RemoteWriteError> {
        let start = end - body.len();
        let mut span = Self { start, end, labels_end: start, n_samples: 0, n_exemplars: 0, n_histograms: 0 };
        let (mut cursor, mut others, mut scattered) = (Cursor::new(body), false, false);
        while let Some((number, value)) = field(&mut cursor)? {
            match (number, value) {
                (LABELS, Value::Bytes(_)) => {
                    scattered |= others;
                    span.labels_end = end - cursor.rest().len();
                    continue;
                }
                (SAMPLES, Value::Bytes(sample)) => {
                    sample_parts(sample)?;
                    span.n_samples += 1;
                }
                (EXEMPLARS, Value::Bytes(_)) => span.n_exemplars += 1,
                (HISTOGRAMS, Value::Bytes(_)) => span.n_histograms += 1,
                (LABELS..=HISTOGRAMS, _) => {
                    return Err(RemoteWriteError::Malformed("a part of a series is not a message"));
                }
                _ => {}
            }
            others = true;
        }
        if scattered {
            span.labels_end = start;
        }
        Ok(span)
    }
}

/// One `prometheus.TimeSeries`, still in the bytes it came in.
#[derive(Clone, Copy, Debug)]
pub struct RawSeries<'a> {
    body: &'a [u8],
    labels_len: usize,
    /// How many samples.
    pub n_samples: usize,
    /// How many exemplars; they are not read further.
    pub n_exemplars: usize,
    /// How many native histograms; they are not read further.
    pub n_histograms: usize,
}

impl<'a> RawSeries<'a> {
    pub(super) fn new(request: &'a [u8], span: Span) -> Self {
        let Span { start, end, labels_end, n_samples, n_exemplars, n_histograms } = span;
        let body = request.get(start..end).unwrap_or_default();
        Self { body, labels_len: labels_end - start, n_samples, n_exemplars, n_histograms }
    }

    /// The key of the label bytes, in the order they came.
    #[must_use]
    pub fn key(&self, source: u64) -> RawKey {
        match self.body.get(..self.labels_len) {
            Some(labels) if self.labels_len > 0 => RawKey::new(source, labels),
            // The whole, times and values too: it will not be known again, but neither will it pass for another.
            _ => RawKey::new(source, self.body),
        }
    }

    /// Names and values, in the order they came.
    #[must_use]
    pub fn labels(&self) -> LabelFields<'a> {
        LabelFields { cursor: Cursor::new(self.body) }
    }

    /// The canonical labels.
    ///
    /// # Errors
    /// No `__name__`, or labels that break `limits`.
    pub fn canonical(&self, builder: &mut LabelsBuilder, limits: &LabelLimits) -> Result<Labels, LabelError> {
        builder.clear();
        for label in self.labels() {
            let (name, value) = label?;
            builder.push(name, value);
        }
        if builder.get(METRIC_NAME).is_none_or(str::is_empty) {
            return Err(LabelError::NoMetricName);
        }
        builder.build(limits)
    }

    /// The samples, in the order they came.
    #[must_use]
    pub fn samples(&self) -> SampleFields<'a> {
        SampleFields { cursor: Cursor::new(self.body.get(self.labels_len..).unwrap_or_default()) }
    }
}

/// Names and values, in the order they came.
#[derive(Clone, Debug)]
pub struct LabelFields<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for LabelFields<'a> {
    type Item = Result<(&'a str, &'a str), LabelError>;

    fn next(&mut self) -> Option<Self::Item> {
        let label = next_of(&mut self.cursor, LABELS)?;
        let text = |bytes| std::str::from_utf8(bytes).map_err(|_| LabelError::NotUtf8);
        let parts = label_parts(label).map_err(|_| LabelError::Malformed);
        Some(parts.and_then(|(name, value)| Ok((text(name)?, text(value)?))))
    }
}

/// Samples, in the order they came.
#[derive(Clone, Debug)]
pub struct SampleFields<'a> {
    cursor: Cursor<'a>,
}

impl Iterator for SampleFields<'_> {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        sample_parts(next_of(&mut self.cursor, SAMPLES)?).ok()
    }
}

fn next_of<'a>(cursor: &mut Cursor<'a>, wanted: u64) -> Option<&'a [u8]> {
    loop {
        if let (number, Value::Bytes(bytes)) = field(cursor).ok()??
            && number == wanted
        {
            return Some(bytes);
        }
    }
}

fn label_parts(bytes: &[u8]) -> Result<(&[u8], &[u8]), RemoteWriteError> {
    let (mut cursor, mut name, mut label) = (Cursor::new(bytes), &[][..], &[][..]);
    while let Some((number, value)) = field(&mut cursor)? {
        match (number, value) {
            (1, Value::Bytes(bytes)) => name = bytes,
            (2, Value::Bytes(bytes)) => label = bytes,
            (1 | 2, _) => return Err(RemoteWriteError::Malformed("a label is not text")),
            _ => {}
        }
    }
    Ok((name, label))
}

fn sample_parts(bytes: &[u8]) -> Result<Sample, RemoteWriteError> {
    let (mut cursor, mut sample) = (Cursor::new(bytes), Sample { ts: 0, value: 0.0 });
    while let Some((number, value)) = field(&mut cursor)? {
        match (number, value) {
            (1, Value::Fixed64(bytes)) => sample.value = f64::from_le_bytes(bytes),
            (2, Value::Varint(ts)) => sample.ts = ts.cast_signed(),
            (1 | 2, _) => return Err(RemoteWriteError::Malformed("a sample is not a number and a time")),
            _ => {}
        }
    }
    Ok(sample)
}
