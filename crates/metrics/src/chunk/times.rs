//! The column of times: the steps between them, which scrapes keep nearly equal.

use pco::{ChunkConfig, DeltaSpec, ModeSpec};

use super::{ChunkError, pcodec};
use crate::varint::{self, Cursor};

/// Every step is the same.
const EVEN: u8 = 0;
/// Steps below 2^32 ms.
const SHORT: u8 = 1;
/// Any steps.
const LONG: u8 = 2;

fn config() -> ChunkConfig {
    ChunkConfig::default().with_mode_spec(ModeSpec::Classic).with_delta_spec(DeltaSpec::NoOp)
}

/// Writes `first` and the steps between times, which rise strictly.
pub(crate) fn encode(times: impl Iterator<Item = i64> + Clone, out: &mut Vec<u8>) -> Result<(), ChunkError> {
    varint::put_signed(out, times.clone().next().unwrap_or_default());
    // Wrapping: the distance between two i64 always fits in a u64.
    let steps = times.clone().zip(times.skip(1)).map(|(a, b)| b.wrapping_sub(a).cast_unsigned());
    let (mut low, mut high) = (u64::MAX, 0);
    for step in steps.clone() {
        (low, high) = (low.min(step), high.max(step));
    }
    if low >= high {
        out.push(EVEN);
        varint::put(out, high);
        Ok(())
    } else if u32::try_from(high).is_ok() {
        out.push(SHORT);
        pcodec::encode(&steps.map(|step| step as u32).collect::<Vec<_>>(), &config(), out)
    } else {
        out.push(LONG);
        pcodec::encode(&steps.collect::<Vec<_>>(), &config(), out)
    }
}

/// Reads `n` times, at least one.
pub(crate) fn decode(cursor: &mut Cursor<'_>, n: usize) -> Result<Vec<i64>, ChunkError> {
    const DAMAGED: ChunkError = ChunkError::Damaged("times");
    let mut ts = cursor.signed().ok_or(DAMAGED)?;
    let mut times = Vec::with_capacity(n);
    times.push(ts);
    let mut push = |step: u64| {
        ts = ts.checked_add_unsigned(step).filter(|next| *next > ts).ok_or(DAMAGED)?;
        times.push(ts);
        Ok(())
    };
    match cursor.byte().ok_or(DAMAGED)? {
        EVEN => {
            let step = cursor.varint().ok_or(DAMAGED)?;
            (1..n).try_for_each(|_| push(step))?;
        }
        SHORT => pcodec::decode::<u32>(cursor, n - 1)?.into_iter().try_for_each(|step| push(u64::from(step)))?,
        LONG => pcodec::decode::<u64>(cursor, n - 1)?.into_iter().try_for_each(push)?,
        _ => return Err(DAMAGED),
    }
    Ok(times)
}
