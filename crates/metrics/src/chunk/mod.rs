//! Many samples of one series, compressed.
//!
//! Always true here: times rise strictly, every value comes back with all its bits, and damaged bytes give an error:
//! never a panic, never other samples, never more memory than [`MAX_SAMPLES`] need.

mod error;
mod pcodec;
pub(crate) mod times;
pub(crate) mod values;

use xxhash_rust::xxh3::xxh3_64;

pub use error::ChunkError;

use crate::{Sample, varint};

/// The most samples one chunk holds.
pub const MAX_SAMPLES: usize = 1 << 20;

/// The only version there is.
pub(crate) const VERSION: u8 = 1;

/// Compressed samples of one series, as stored.
///
/// ```text
/// version 1 | n | first time | column of steps between times | column of values | four bytes of xxh3-64 of all before
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The time of the first sample.
    pub start: i64,
    /// The time of the last sample.
    pub end: i64,
    /// How many samples.
    pub n: u32,
    /// What to store, and to give to [`decode`].
    pub bytes: Vec<u8>,
}

/// Compresses samples.
///
/// # Errors
/// No samples, more than [`MAX_SAMPLES`], or times that do not rise strictly.
pub fn encode(samples: &[Sample]) -> Result<Encoded, ChunkError> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
        return Err(ChunkError::Empty);
    };
    if samples.len() > MAX_SAMPLES {
        return Err(ChunkError::TooMany(samples.len()));
    }
    if !samples.is_sorted_by(|a, b| a.ts < b.ts) {
        return Err(ChunkError::Unsorted);
    }
    let mut bytes = Vec::with_capacity(64 + samples.len() * 2);
    bytes.push(VERSION);
    varint::put(&mut bytes, samples.len() as u64);
    times::encode(samples.iter().map(|s| s.ts), &mut bytes)?;
    values::encode(samples.iter().map(|s| s.value), &mut bytes)?;
    seal(&mut bytes);
    Ok(Encoded { start: first.ts, end: last.ts, n: samples.len() as u32, bytes })
}

/// Appends the samples of a chunk to `out`, which stays as it was when there is an error.
///
/// # Errors
/// Bytes that are cut short, damaged, or of a version this program does not know.
pub fn decode(bytes: &[u8], out: &mut Vec<Sample>) -> Result<(), ChunkError> {
    let mut cursor = unseal(bytes)?;
    let n = count(&mut cursor)?;
    let times = times::decode(&mut cursor, n)?;
    let values = values::decode(&mut cursor, n)?;
    if !cursor.is_empty() {
        return Err(ChunkError::Damaged("end"));
    }
    out.extend(times.into_iter().zip(values).map(|(ts, value)| Sample { ts, value }));
    Ok(())
}

/// Reads how many rows follow.
pub(crate) fn count(cursor: &mut varint::Cursor<'_>) -> Result<usize, ChunkError> {
    cursor.count().filter(|n| (1..=MAX_SAMPLES).contains(n)).ok_or(ChunkError::Damaged("count"))
}

/// Joins chunks of one series into one larger and denser. Where several have a time, the earlier chunk wins.
///
/// # Errors
/// A chunk that cannot be read, or more samples than one chunk holds.
pub fn merge<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Encoded, ChunkError> {
    let (mut all, mut joined, mut one) = (Vec::new(), Vec::new(), Vec::new());
    for chunk in chunks {
        one.clear();
        decode(chunk, &mut one)?;
        if all.last().is_none_or(|last: &Sample| one.first().is_some_and(|first| last.ts < first.ts)) {
            all.append(&mut one);
        } else {
            crate::sample::merge(&all, &one, &mut joined);
            std::mem::swap(&mut all, &mut joined);
        }
        if all.len() > MAX_SAMPLES {
            return Err(ChunkError::TooMany(all.len()));
        }
    }
    encode(&all)
}

/// Appends the checksum.
pub(crate) fn seal(bytes: &mut Vec<u8>) {
    let sum = xxh3_64(bytes) as u32;
    bytes.extend_from_slice(&sum.to_le_bytes());
}

/// Checks version and checksum; gives what is between.
pub(crate) fn unseal(bytes: &[u8]) -> Result<varint::Cursor<'_>, ChunkError> {
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or(ChunkError::Damaged("length"))?;
    let (version, rest) = body.split_first().ok_or(ChunkError::Damaged("length"))?;
    if *version != VERSION {
        return Err(ChunkError::Version(*version));
    }
    if xxh3_64(body) as u32 != u32::from_le_bytes(*sum) {
        return Err(ChunkError::Checksum);
    }
    Ok(varint::Cursor::new(rest))
}

#[cfg(test)]
mod tests;
