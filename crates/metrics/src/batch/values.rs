//! One value in as few bytes as are cheap to find.
//!
//! Always true here: the same bits come back. The two lowest bits of the first byte say how the rest is to be read.

use crate::varint::{self, Cursor, unzigzag, zigzag};

const INTEGER: u64 = 0;
const THOUSANDTHS: u64 = 1;
const SINGLE: u64 = 2;
const DOUBLE: u64 = 3;

/// Integers below this magnitude are exact in a double, and leave room for the tag.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Thousandths are tried below this magnitude: beyond it they take as many bytes as the double.
const WORTH_SCALING: f64 = 1e9;

/// Appends `value`: counters and counts in 1 to 5 bytes, milliseconds-like fractions in 2 to 6, singles in 5, any other in 9.
pub(super) fn put(out: &mut Vec<u8>, value: f64) {
    let whole = value as i64;
    // The comparison by bits keeps -0.0 and every NaN out.
    if (whole as f64).to_bits() == value.to_bits() && value.abs() < EXACT {
        return varint::put(out, zigzag(whole) << 2 | INTEGER);
    }
    if value.abs() < WORTH_SCALING {
        let scaled = (value * 1000.0).round() as i64;
        if (scaled as f64 / 1000.0).to_bits() == value.to_bits() {
            return varint::put(out, zigzag(scaled) << 2 | THOUSANDTHS);
        }
    }
    let single = value as f32;
    if f64::from(single).to_bits() == value.to_bits() {
        out.push(SINGLE as u8);
        return out.extend_from_slice(&single.to_le_bytes());
    }
    out.push(DOUBLE as u8);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Reads what [`put`] wrote, or `None` when the bytes run out.
pub(super) fn take(cursor: &mut Cursor<'_>) -> Option<f64> {
    let first = cursor.varint()?;
    let number = || unzigzag(first >> 2) as f64;
    Some(match first & 3 {
        INTEGER => number(),
        THOUSANDTHS => number() / 1000.0,
        SINGLE => f64::from(f32::from_le_bytes(cursor.array()?)),
        _ => f64::from_le_bytes(cursor.array()?),
    })
}
