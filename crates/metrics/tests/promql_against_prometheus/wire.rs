//! The samples in the two forms in which Prometheus takes them.

use std::fmt::Write as _;

use metrics::query::{Series, format_value};
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

/// What came after, as a remote-write request: protocol buffers in a snappy block.
pub(crate) fn remote_write(all: &[Series]) -> Vec<u8> {
    let mut request = Vec::new();
    for series in all {
        let mut message = Vec::new();
        for (name, value) in &series.labels {
            let mut label = Vec::new();
            bytes(&mut label, 1, name.as_bytes());
            bytes(&mut label, 2, value.as_bytes());
            bytes(&mut message, 1, &label);
        }
        let late = series.samples.iter().filter(|sample| !is_scraped(sample));
        let n_late = late.clone().count();
        for sample in late {
            let mut point = vec![1 << 3 | 1];
            point.extend_from_slice(&sample.value.to_bits().to_le_bytes());
            point.push(2 << 3);
            number(&mut point, sample.ts.cast_unsigned());
            bytes(&mut message, 2, &point);
        }
        if n_late > 0 {
            bytes(&mut request, 1, &message);
        }
    }
    snap::raw::Encoder::new().compress_vec(&request).unwrap()
}

fn bytes(out: &mut Vec<u8>, field: u8, content: &[u8]) {
    out.push(field << 3 | 2);
    number(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
