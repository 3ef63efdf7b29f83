//! The samples in the two forms in which Prometheus takes them.

use std::fmt::Write as _;

use metrics::query::{Series, format_value};
use metrics::remote_write::Encoder;
use metrics::sample::Sample;

use crate::fixture::{END_MS, SCRAPE_MS};

fn is_scraped(sample: &Sample) -> bool {
    sample.ts <= END_MS + SCRAPE_MS
}

/// What was scraped, in OpenMetrics text.
pub(crate) fn open_metrics(all: &[Series]) -> String {
    let mut text = String::new();
    for series in all {
        let labels = series.labels.iter().filter(|(name, _)| *name != "__name__");
        let labels: Vec<String> = labels.map(|(name, value)| format!("{name}={value:?}")).collect();
        let name = series.labels.metric_name().unwrap();
        for sample in series.samples.iter().filter(|sample| is_scraped(sample)) {
            let (seconds, ms) = (sample.ts / 1000, sample.ts % 1000);
            writeln!(text, "{name}{{{}}} {} {seconds}.{ms:03}", labels.join(","), format_value(sample.value)).unwrap();
        }
    }
    text + "# EOF\n"
}

/// What came after, as a remote-write request.
pub(crate) fn remote_write(all: &[Series]) -> Vec<u8> {
    let mut encoder = Encoder::default();
    for series in all {
        let late: Vec<Sample> = series.samples.iter().copied().filter(|sample| !is_scraped(sample)).collect();
        if !late.is_empty() {
            encoder.push(&series.labels, &late);
        }
    }
    encoder.finish().unwrap()
}
