//! Makes write requests, for tests and for generating load.

use crate::{Labels, Sample, varint};

/// Gathers series into one request. Keep one and reuse it.
#[derive(Debug, Default)]
pub struct Encoder {
    request: Vec<u8>,
    series: Vec<u8>,
}

const LEN: u64 = 2;
const VARINT: u64 = 0;
const FIXED64: u64 = 1;

impl Encoder {
    /// Adds a series.
    pub fn push(&mut self, labels: &Labels, samples: &[Sample]) -> &mut Self {
        self.push_raw(labels.iter(), samples)
    }

    /// Adds a series whose labels stay in the order given, whatever they are.
    pub fn push_raw<'a>(
        &mut self,
        labels: impl IntoIterator<Item = (&'a str, &'a str)>,
        samples: &[Sample],
    ) -> &mut Self {
        self.series.clear();
        for (name, value) in labels {
            let sizes = 2 + varint_len(name.len()) + varint_len(value.len()) + name.len() + value.len();
            put_tag(&mut self.series, 1, LEN);
            varint::put(&mut self.series, sizes as u64);
            put_bytes(&mut self.series, 1, name.as_bytes());
            put_bytes(&mut self.series, 2, value.as_bytes());
        }
        for sample in samples {
            let mut ts = Vec::with_capacity(10);
            varint::put(&mut ts, sample.ts.cast_unsigned());
            put_tag(&mut self.series, 2, LEN);
            varint::put(&mut self.series, 10 + ts.len() as u64);
            put_tag(&mut self.series, 1, FIXED64);
            self.series.extend_from_slice(&sample.value.to_le_bytes());
            put_tag(&mut self.series, 2, VARINT);
            self.series.extend_from_slice(&ts);
        }
        put_bytes(&mut self.request, 1, &self.series);
        self
    }

    /// The compressed request, ready to be sent; the encoder is empty afterwards. `None` beyond 4 GiB, which snappy
    /// cannot compress.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        let body = snap::raw::Encoder::new().compress_vec(&self.request).ok();
        self.request.clear();
        body
    }
}

fn put_tag(out: &mut Vec<u8>, number: u64, wire_type: u64) {
    varint::put(out, number << 3 | wire_type);
}

fn put_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_tag(out, number, LEN);
    varint::put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

const fn varint_len(n: usize) -> usize {
    (usize::BITS - (n | 1).leading_zeros()).div_ceil(7) as usize
}
