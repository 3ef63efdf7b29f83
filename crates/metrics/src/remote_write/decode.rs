//! From the body of a request to its series.

use super::{
    RawSeries, RemoteWriteError,
    series::Span,
    wire::{Value, field},
};
use crate::varint::Cursor;

const TIMESERIES: u64 = 1;

/// How large a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes once decompressed.
    pub max_decompressed: usize,
    /// Samples; a series without any counts as one.
    pub max_samples: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_decompressed: 16 << 20, max_samples: 100_000 }
    }
}

/// Refuses what is not remote-write 1.0 by its headers `Content-Type` and `Content-Encoding`.
///
/// # Errors
/// Another type (also that of remote-write 2.0), or another encoding than snappy.
pub fn check_headers(content_type: Option<&str>, content_encoding: Option<&str>) -> Result<(), RemoteWriteError> {
    let full = content_type.unwrap_or_default();
    let mut parts = full.split(';').map(str::trim);
    let is_protobuf = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-protobuf"));
    let is_v1 = parts.filter_map(|p| p.strip_prefix("proto=")).all(|proto| proto == "prometheus.WriteRequest");
    if !is_protobuf || !is_v1 {
        return Err(RemoteWriteError::ContentType(full.to_owned()));
    }
    match content_encoding.unwrap_or_default() {
        encoding if encoding.eq_ignore_ascii_case("snappy") => Ok(()),
        encoding => Err(RemoteWriteError::ContentEncoding(encoding.to_owned())),
    }
}

/// Decompresses requests into memory that it keeps for the next one.
#[derive(Debug, Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    spans: Vec<Span>,
}

impl Decoder {
    /// Decompresses `body` and finds all its series and samples. What their labels hold is looked at when it is asked for.
    ///
    /// # Errors
    /// Not a snappy block, not a write request, or beyond `limits`.
    pub fn decode(&mut self, body: &[u8], limits: &Limits) -> Result<WriteRequest<'_>, RemoteWriteError> {
        let snappy = |e: snap::Error| RemoteWriteError::Snappy(e.to_string());
        let got = snap::raw::decompress_len(body).map_err(snappy)?;
        if got > limits.max_decompressed {
            return Err(RemoteWriteError::TooLarge { got, max: limits.max_decompressed });
        }
        if self.buffer.len() < got {
            self.buffer.resize(got, 0);
        }
        let buffer = self.buffer.get_mut(..got).unwrap_or_default();
        let got = snap::raw::Decoder::new().decompress(body, buffer).map_err(snappy)?;
        self.find(got, limits)
    }

    /// As [`Decoder::decode`] for a message that is not compressed.
    ///
    /// # Errors
    /// Not a write request, or beyond `limits`.
    pub fn decode_plain(&mut self, message: &[u8], limits: &Limits) -> Result<WriteRequest<'_>, RemoteWriteError> {
        let (got, max) = (message.len(), limits.max_decompressed);
        if got > max {
            return Err(RemoteWriteError::TooLarge { got, max });
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(message);
        self.find(got, limits)
    }

    /// Finds the series in the first `len` bytes of the buffer.
    fn find(&mut self, len: usize, limits: &Limits) -> Result<WriteRequest<'_>, RemoteWriteError> {
        let bytes = self.buffer.get(..len).unwrap_or_default();
        self.spans.clear();
        let (mut cursor, mut n_samples, mut empty) = (Cursor::new(bytes), 0, 0);
        while let Some((number, value)) = field(&mut cursor)? {
            match (number, value) {
                (TIMESERIES, Value::Bytes(body)) => {
                    let span = Span::find(body, len - cursor.rest().len())?;
                    n_samples += span.n_samples;
                    empty += usize::from(span.n_samples == 0);
                    if n_samples + empty > limits.max_samples {
                        return Err(RemoteWriteError::TooManySamples { max: limits.max_samples });
                    }
                    self.spans.push(span);
                }
                (TIMESERIES, _) => return Err(RemoteWriteError::Malformed("a series is not a message")),
                // Metadata and whatever later versions add.
                _ => {}
            }
        }
        Ok(WriteRequest { bytes, spans: &self.spans, n_samples })
    }
}

/// A decompressed write request.
#[derive(Clone, Copy, Debug)]
pub struct WriteRequest<'a> {
    bytes: &'a [u8],
    spans: &'a [Span],
    /// How many samples.
    pub n_samples: usize,
}

impl<'a> WriteRequest<'a> {
    /// How many series.
    #[must_use]
    pub const fn n_series(&self) -> usize {
        self.spans.len()
    }

    /// The series, in the order they came.
    pub fn series(&self) -> impl Iterator<Item = RawSeries<'a>> + use<'a> {
        let bytes = self.bytes;
        self.spans.iter().map(move |span| RawSeries::new(bytes, *span))
    }
}
