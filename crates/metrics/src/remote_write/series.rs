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

/// One `prometheus.TimeSeries`, checked to be well-formed, still in the bytes it came in.
#[derive(Clone, Copy, Debug)]
pub struct RawSeries<'a> {
    body: &'a [u8],
    /// The labels lie before this, and nothing else does: how every known sender writes.
    labels_end: Option<usize>,
    /// How many samples.
    pub n_samples: usize,
    /// How many exemplars; they are not read further.
    pub n_exemplars: usize,
    /// How many native histograms; they are not read further.
    pub n_histograms: usize,
}

impl<'a> RawSeries<'a> {
    /// Walks the message once; the iterators then cannot meet malformed fields.
    pub(super) fn check(body: &'a [u8]) -> Result<Self, RemoteWriteError> {
        let mut series = Self { body, labels_end: Some(0), n_samples: 0, n_exemplars: 0, n_histograms: 0 };
        let mut cursor = Cursor::new(body);
        let mut others = false;
        while let Some((number, value)) = field(&mut cursor)? {
            match (number, value) {
                (LABELS, Value::Bytes(label)) => {
                    label_parts(label)?;
                    series.labels_end = (!others).then(|| body.len() - cursor.rest().len());
                    continue;
                }
                (SAMPLES, Value::Bytes(sample)) => {
                    sample_parts(sample)?;
                    series.n_samples += 1;
                }
                (EXEMPLARS, Value::Bytes(_)) => series.n_exemplars += 1,
                (HISTOGRAMS, Value::Bytes(_)) => series.n_histograms += 1,
                (LABELS..=HISTOGRAMS, _) => {
                    return Err(RemoteWriteError::Malformed("a part of a series is not a message"));
                }
                _ => {}
            }
            others = true;
        }
        Ok(series)
    }

    /// The key of the label bytes, in the order they came.
    #[must_use]
    pub fn key(&self, source: u64) -> RawKey {
        match self.labels_end.and_then(|end| self.body.get(..end)) {
            Some(labels) => RawKey::new(source, labels),
            // Lengths keep the parts of one label set from passing for those of another.
            None => RawKey::of_parts(source, fields(self.body, LABELS).flat_map(|label| [label, &[0xff]])),
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
        let start = self.labels_end.unwrap_or_default();
        SampleFields { cursor: Cursor::new(self.body.get(start..).unwrap_or_default()) }
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
        let (name, value) = label_parts(next_of(&mut self.cursor, LABELS)?).ok()?;
        let text = |bytes| std::str::from_utf8(bytes).map_err(|_| LabelError::NotUtf8);
        Some(text(name).and_then(|name| Ok((name, text(value)?))))
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

fn fields(body: &[u8], wanted: u64) -> impl Iterator<Item = &[u8]> {
    let mut cursor = Cursor::new(body);
    std::iter::from_fn(move || next_of(&mut cursor, wanted))
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
