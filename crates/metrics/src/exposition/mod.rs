//! What exporters say: the Prometheus text format 0.0.4 and OpenMetrics 1.0.
//!
//! Always true here: names and values are borrowed from the body unless they hold escapes, memory does not grow with the
//! number of samples, and whatever is wrong gives a [`ParseError`] with the number of the line and how to mend it.
//!
//! Names in quotes, as Prometheus 3 writes those that are not classic, are read in both formats.

mod error;
mod family;
mod format;
mod histogram;
mod openmetrics;
mod prometheus;
mod row;
mod scan;
mod write;

pub use error::{ParseError, Reason};
pub use format::{ACCEPT, Format, UnsupportedFormat};
pub use row::{Exemplar, Row};
pub use write::Writer;

use std::borrow::Cow;

/// What kind of metric a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricType {
    /// Only grows, or starts again from zero.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Cumulative buckets of observations.
    Histogram,
    /// Buckets that may shrink.
    GaugeHistogram,
    /// Quantiles of observations.
    Summary,
    /// Constant facts as labels.
    Info,
    /// One sample for each state.
    StateSet,
    /// Nobody said.
    Unknown,
}

impl MetricType {
    /// The word of both formats, but for [`MetricType::Unknown`], which 0.0.4 calls `untyped`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::StateSet => "stateset",
            Self::Unknown => "unknown",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "counter" => Self::Counter,
            "gauge" => Self::Gauge,
            "histogram" => Self::Histogram,
            "gaugehistogram" => Self::GaugeHistogram,
            "summary" => Self::Summary,
            "info" => Self::Info,
            "stateset" => Self::StateSet,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

/// One line that says something.
#[derive(Clone, Debug)]
pub enum Item<'a, 'row> {
    /// A sample.
    Sample(&'row Row<'a>),
    /// What kind of metric `family` is.
    Type {
        /// Its name, without the suffixes of its samples.
        family: Cow<'a, str>,
        /// Its kind.
        kind: MetricType,
    },
    /// What `family` measures.
    Help {
        /// Its name, without the suffixes of its samples.
        family: Cow<'a, str>,
        /// Words for people.
        text: Cow<'a, str>,
    },
    /// The unit `family` is measured in (OpenMetrics only); may be empty.
    Unit {
        /// Its name, without the suffixes of its samples.
        family: Cow<'a, str>,
        /// For example `seconds`.
        unit: &'a str,
    },
}

/// How much of OpenMetrics is demanded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// Everything the specification demands, between lines too: metadata before samples, no family twice, labels and values
    /// that fit the type, whole histograms.
    #[default]
    Families,
    /// Each line for itself: for exporters that are wrong in ways that do no harm.
    Lines,
}

/// What to expect, and how much to bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// In which format.
    pub format: Format,
    /// Concerns OpenMetrics only.
    pub strictness: Strictness,
    /// More samples are an error.
    pub max_samples: usize,
    /// Longer lines are an error, in bytes.
    pub max_line_len: usize,
    /// More labels on a sample are an error.
    pub max_labels: usize,
}

impl Options {
    /// The usual limits for `format`.
    #[must_use]
    pub const fn new(format: Format) -> Self {
        Self { format, strictness: Strictness::Families, max_samples: 50_000, max_line_len: 64 << 10, max_labels: 64 }
    }
}

/// Reads a whole exposition and calls `each` for every item, in order. Gives the number of samples.
///
/// When it fails, `each` was called for what came before: discard that, for an exposition is taken whole or not at all.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse<'a>(body: &'a [u8], options: &Options, mut each: impl FnMut(Item<'a, '_>)) -> Result<usize, ParseError> {
    let text = match std::str::from_utf8(body) {
        Ok(text) => text,
        Err(e) => {
            let before = body.get(..e.valid_up_to()).unwrap_or_default();
            let line = 1 + memchr::memchr_iter(b'\n', before).count();
            return Err(ParseError { line, reason: Reason::NotUtf8 });
        }
    };
    match options.format {
        Format::PrometheusText => prometheus::parse(text, options, &mut each),
        Format::OpenMetrics => openmetrics::parse(text, options, &mut each),
    }
}

#[cfg(test)]
mod tests;
