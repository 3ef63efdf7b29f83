//! Samples pushed by programs, and what became of them.
//!
//! Always true: an answer after ingest counts every sample exactly once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::validate::Checks;
use crate::{DateTime, Utc};

/// The most samples one push may carry.
pub const MAX_SAMPLES_PER_PUSH: usize = 10_000;

/// One measured value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PushSample {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Name))]
    pub service: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::MetricName))]
    pub metric: String,
    pub value: f64,
    /// Now, when absent.
    #[serde(default)]
    pub timestamp: Option<DateTime<Utc>>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::SampleLabels))]
    pub labels: BTreeMap<String, String>,
}

/// A push of samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PushSamples {
    #[serde(deserialize_with = "crate::object::list")]
    #[cfg_attr(feature = "openapi", schema(max_items = 10_000))]
    pub samples: Vec<PushSample>,
}

/// What became of the samples of one push or scrape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IngestReport {
    /// New and durable.
    pub accepted: u64,
    /// Same series and time as one already held; the first value stays.
    pub duplicate: u64,
    /// Older than what is already sealed; dropped.
    pub late: u64,
    /// Refused because a limit on series or labels was reached.
    pub over_limit: u64,
}

impl PushSamples {
    /// # Errors
    /// When there are too many samples or a name or label is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        let is_size = self.samples.len() <= MAX_SAMPLES_PER_PUSH;
        checks.check(
            is_size,
            "samples",
            format!("must have at most {MAX_SAMPLES_PER_PUSH} entries; send several pushes"),
        );
        for (i, sample) in self.samples.iter().enumerate().take(MAX_SAMPLES_PER_PUSH) {
            if !is_plain(&sample.service, &sample.metric) {
                checks.name(&format!("samples[{i}].service"), &sample.service);
                checks.check(is_metric_name(&sample.metric), &format!("samples[{i}].metric"), METRIC_HINT);
            }
            for (name, value) in &sample.labels {
                let field = format!("samples[{i}].labels.{name}");
                checks.check(is_label_name(name), &field, "a label name has letters, digits and _, and no digit first");
                checks.optional_text(&field, value, 2_048);
            }
            checks.check(sample.labels.len() <= 32, &format!("samples[{i}].labels"), "must have at most 32 entries");
        }
        checks.finish()
    }
}

const METRIC_HINT: &str = "a metric name has letters, digits, _ and :, and no digit first, for example cpu_usage";

fn is_plain(service: &str, metric: &str) -> bool {
    let is_service = !service.is_empty()
        && service.len() <= 128
        && service.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    is_service && is_metric_name(metric)
}

fn is_metric_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let is_start = |b: u8| b.is_ascii_alphabetic() || b == b'_' || b == b':';
    name.len() <= 256 && bytes.next().is_some_and(is_start) && bytes.all(|b| is_start(b) || b.is_ascii_digit())
}

fn is_label_name(name: &str) -> bool {
    is_metric_name(name) && !name.contains(':') && !name.starts_with("__")
}
