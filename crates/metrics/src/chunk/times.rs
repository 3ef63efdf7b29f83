//! The column of times: the steps between them, which scrapes keep nearly equal.

use pco::{ChunkConfig, DeltaSpec, ModeSpec};

use super::{ChunkError, pcodec};
use crate::{Sample, varint, varint::Cursor};

/// Every step is the same.
const EVEN: u8 = 0;
/// Steps below 2^32 ms.
const SHORT: u8 = 1;
/// Any steps.
const LONG: u8 = 2;

fn config() -> ChunkConfig {
    ChunkConfig::default().with_mode_spec(ModeSpec::Classic).with_delta_spec(DeltaSpec::NoOp)
}

/// Writes the steps between the times of `samples`, which rise strictly.
pub(super) fn encode(samples: &[Sample], out: &mut Vec<u8>) -> Result<(), ChunkError> {
    // Wrapping: the distance between two i64 always fits in a u64.
    let steps = samples.windows(2).map(|w| match w {
        [a, b] => b.ts.wrapping_sub(a.ts).cast_unsigned(),
        _ => 0,
    });
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

/// Appends `n` samples with their times; the values follow later.
pub(super) fn decode(cursor: &mut Cursor<'_>, first: i64, n: usize, out: &mut Vec<Sample>) -> Result<(), ChunkError> {
    const DAMAGED: ChunkError = ChunkError::Damaged("times");
    let kind = cursor.byte().ok_or(DAMAGED)?;
    let mut ts = first;
    let steps = match kind {
        EVEN => {
            let step = cursor.varint().ok_or(DAMAGED)?;
            std::iter::repeat_n(step, n - 1).collect()
        }
        SHORT => pcodec::decode::<u32>(cursor, n - 1)?.into_iter().map(u64::from).collect(),
        LONG => pcodec::decode::<u64>(cursor, n - 1)?,
        _ => return Err(DAMAGED),
    };
    out.reserve(n);
    out.push(Sample { ts: first, value: 0.0 });
    for step in steps {
        let next = ts.checked_add_unsigned(step).filter(|next| *next > ts).ok_or(DAMAGED)?;
        ts = next;
        out.push(Sample { ts, value: 0.0 });
    }
    Ok(())
}
