//! From the body of a request to its series.

use super::{
    RawSeries, RemoteWriteError,
    wire::{Value, field},
};
use crate::varint::Cursor;

const TIMESERIES: u64 = 1;

/// How large a request may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes once decompressed.
    pub max_decompressed: usize,
    /// Samples.
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
}

impl Decoder {
    /// Decompresses `body` and checks all of it.
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
        WriteRequest::parse(self.buffer.get(..got).unwrap_or_default(), limits)
    }
}

/// A decompressed write request, checked to be well-formed.
#[derive(Clone, Copy, Debug)]
pub struct WriteRequest<'a> {
    bytes: &'a [u8],
    /// How many series.
    pub n_series: usize,
    /// How many samples.
    pub n_samples: usize,
}

impl<'a> WriteRequest<'a> {
    /// Checks all of an uncompressed request.
    ///
    /// # Errors
    /// Not a write request, or too many samples.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, RemoteWriteError> {
        let mut request = Self { bytes, n_series: 0, n_samples: 0 };
        for series in request.checked() {
            request.n_samples += series?.n_samples;
            request.n_series += 1;
            if request.n_samples > limits.max_samples {
                return Err(RemoteWriteError::TooManySamples { max: limits.max_samples });
            }
        }
        Ok(request)
    }

    /// The series, in the order they came.
    #[must_use]
    pub fn series(&self) -> SeriesIter<'a> {
        SeriesIter { cursor: Cursor::new(self.bytes) }
    }

    fn checked(&self) -> impl Iterator<Item = Result<RawSeries<'a>, RemoteWriteError>> + use<'a> {
        let mut cursor = Cursor::new(self.bytes);
        std::iter::from_fn(move || next(&mut cursor).transpose())
    }
}

/// The series of a request, in the order they came.
#[derive(Clone, Debug)]
pub struct SeriesIter<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for SeriesIter<'a> {
    type Item = RawSeries<'a>;

    fn next(&mut self) -> Option<RawSeries<'a>> {
        next(&mut self.cursor).ok()?
    }
}

fn next<'a>(cursor: &mut Cursor<'a>) -> Result<Option<RawSeries<'a>>, RemoteWriteError> {
    loop {
        match field(cursor)? {
            None => return Ok(None),
            Some((TIMESERIES, Value::Bytes(body))) => return RawSeries::check(body).map(Some),
            Some((TIMESERIES, _)) => return Err(RemoteWriteError::Malformed("a series is not a message")),
            // Metadata and whatever later versions add.
            Some(_) => {}
        }
    }
}
