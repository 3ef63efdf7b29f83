//! Samples on their way in, as remote-write and as JSON.

use domain::DateTime;
use metrics::remote_write::Encoder;
use metrics::{Labels, Sample};
use reqwest::RequestBuilder;
use serde_json::json;

use crate::process::Site;

/// A remote-write request.
pub(crate) fn write(site: &Site, series: &[(Labels, Vec<Sample>)]) -> RequestBuilder {
    let mut encoder = Encoder::default();
    for (labels, samples) in series {
        encoder.push(labels, samples);
    }
    site.post("/api/v1/write")
        .header("content-type", "application/x-protobuf")
        .header("content-encoding", "snappy")
        .body(encoder.finish().unwrap())
}

/// A JSON push.
pub(crate) fn push(site: &Site, series: &[(Labels, Vec<Sample>)]) -> RequestBuilder {
    let one = |labels: &Labels, sample: &Sample| {
        let others: serde_json::Map<_, _> = labels
            .iter()
            .filter(|(name, _)| !matches!(*name, "__name__" | "service"))
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        json!({
            "service": labels.get("service"),
            "metric": labels.metric_name(),
            "value": sample.value,
            "timestamp": DateTime::from_timestamp_millis(sample.ts),
            "labels": others,
        })
    };
    let samples: Vec<_> =
        series.iter().flat_map(|(labels, samples)| samples.iter().map(|sample| one(labels, sample))).collect();
    site.post("/api/v1/ingest/samples").json(&json!({ "samples": samples }))
}

pub(crate) fn labels(name: &str, pairs: &[(&str, &str)]) -> Labels {
    Labels::from_pairs([("__name__", name)].into_iter().chain(pairs.iter().copied())).unwrap()
}
