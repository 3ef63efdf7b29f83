//! The stored form of buckets.
//!
//! ```text
//! version 1 | n | column of starts | columns of count, sum, min, max, last | four bytes of xxh3-64 of all before
//! ```

use super::Bucket;
use crate::{
    chunk::{ChunkError, MAX_SAMPLES, VERSION, count, seal, times, unseal, values},
    varint::{self, Cursor},
};

/// Compresses buckets.
///
/// # Errors
/// None, more than [`MAX_SAMPLES`], or starts that do not rise strictly.
pub fn encode(buckets: &[Bucket]) -> Result<Vec<u8>, ChunkError> {
    if buckets.is_empty() {
        return Err(ChunkError::Empty);
    }
    if buckets.len() > MAX_SAMPLES {
        return Err(ChunkError::TooMany(buckets.len()));
    }
    if !buckets.is_sorted_by(|a, b| a.start < b.start) {
        return Err(ChunkError::Unsorted);
    }
    let mut bytes = vec![VERSION];
    varint::put(&mut bytes, buckets.len() as u64);
    times::encode(buckets.iter().map(|b| b.start), &mut bytes)?;
    values::encode(buckets.iter().map(|b| f64::from(b.count)), &mut bytes)?;
    values::encode(buckets.iter().map(|b| b.sum), &mut bytes)?;
    values::encode(buckets.iter().map(|b| b.min), &mut bytes)?;
    values::encode(buckets.iter().map(|b| b.max), &mut bytes)?;
    values::encode(buckets.iter().map(|b| b.last), &mut bytes)?;
    seal(&mut bytes);
    Ok(bytes)
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// Bytes that are cut short, damaged, or of a version this program does not know.
pub fn decode(bytes: &[u8]) -> Result<Vec<Bucket>, ChunkError> {
    let mut cursor = unseal(bytes)?;
    let n = count(&mut cursor)?;
    let mut buckets: Vec<Bucket> = times::decode(&mut cursor, n)?.into_iter().map(Bucket::new).collect();
    let mut column = |cursor: &mut Cursor<'_>, set: fn(&mut Bucket, f64)| {
        let values = values::decode(cursor, n)?;
        buckets.iter_mut().zip(values).for_each(|(bucket, value)| set(bucket, value));
        Ok::<_, ChunkError>(())
    };
    column(&mut cursor, |bucket, value| bucket.count = value as u32)?;
    column(&mut cursor, |bucket, value| bucket.sum = value)?;
    column(&mut cursor, |bucket, value| bucket.min = value)?;
    column(&mut cursor, |bucket, value| bucket.max = value)?;
    column(&mut cursor, |bucket, value| bucket.last = value)?;
    if cursor.is_empty() { Ok(buckets) } else { Err(ChunkError::Damaged("end")) }
}
