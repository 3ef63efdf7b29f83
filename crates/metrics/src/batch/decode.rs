//! Reads a batch back, believing nothing.

use xxhash_rust::xxh3::xxh3_64;

use super::{
    Batch,
    encode::{COUNTED, SINGLES, VERSION},
    values,
};
use crate::{LabelError, Labels, SeriesId, varint::Cursor};

/// Why stored bytes are not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The bytes end too early or say something impossible.
    #[error("the batch is cut short or damaged in its {0}")]
    Damaged(&'static str),
    /// The bytes are not those that were written.
    #[error("the batch does not match its checksum")]
    Checksum,
    /// Written by a later program.
    #[error("the batch has version {0}, this program reads version {VERSION}")]
    Version(u8),
    /// Labels that no program wrote.
    #[error("the batch holds bad labels: {0}")]
    Labels(#[from] LabelError),
}

pub(super) fn decode(bytes: &[u8]) -> Result<Batch, BatchError> {
    use BatchError::Damaged;
    let (body, sum) = bytes.split_last_chunk::<8>().ok_or(Damaged("length"))?;
    let version = *body.first().ok_or(Damaged("length"))?;
    if version != VERSION {
        return Err(BatchError::Version(version));
    }
    if xxh3_64(body) != u64::from_le_bytes(*sum) {
        return Err(BatchError::Checksum);
    }
    let mut cursor = Cursor::new(body.get(1..).unwrap_or_default());
    let mut batch = Batch::default();
    for _ in 0..cursor.count().ok_or(Damaged("series"))? {
        let labels = cursor.count().and_then(|n| cursor.take(n)).ok_or(Damaged("series"))?;
        let labels = Labels::from_canonical(labels)?;
        batch.add_series(labels.id(), &labels).map_err(|_| Damaged("series"))?;
    }
    let n_samples = groups(&mut cursor, &mut batch).ok_or(Damaged("groups"))?;
    times(&mut cursor, n_samples, &mut batch.times).ok_or(Damaged("times"))?;
    for _ in 0..n_samples {
        batch.values.push(values::take(&mut cursor).ok_or(Damaged("values"))?);
    }
    if cursor.is_empty() { Ok(batch) } else { Err(Damaged("end")) }
}

/// Reads ids and counts; gives the number of samples. Every sample takes a byte or more, which bounds the memory.
fn groups(cursor: &mut Cursor<'_>, batch: &mut Batch) -> Option<usize> {
    let n = cursor.count()?;
    let ids = cursor.take(n.checked_mul(8)?)?;
    let ids = ids.as_chunks::<8>().0.iter().map(|id| SeriesId(u64::from_le_bytes(*id)));
    match cursor.byte()? {
        SINGLES => {
            batch.groups.extend(ids.map(|id| (id, 1)));
            (n <= cursor.rest().len()).then_some(n)
        }
        COUNTED => {
            let mut total = 0_usize;
            for id in ids {
                let n = u32::try_from(cursor.varint()?).ok()?;
                total = total.checked_add(n as usize).filter(|total| *total <= cursor.rest().len())?;
                batch.groups.push((id, n));
            }
            Some(total)
        }
        _ => None,
    }
}

fn times(cursor: &mut Cursor<'_>, n: usize, times: &mut Vec<i64>) -> Option<()> {
    times.reserve(n);
    let mut last = 0_i64;
    while times.len() < n {
        let (step, run) = (cursor.signed()?, cursor.count()?);
        if run == 0 || run > n - times.len() {
            return None;
        }
        for _ in 0..run {
            last = last.wrapping_add(step);
            times.push(last);
        }
    }
    Some(())
}
