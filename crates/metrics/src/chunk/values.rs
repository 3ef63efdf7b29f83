//! The column of values.
//!
//! Always true here: the same bits come back. What is no finite number (staleness markers, NaN, infinities, -0.0) is
//! kept apart, so that one marker does not spoil the compression of the numbers around it.

use pco::{ChunkConfig, DeltaSpec, ModeSpec};

use super::{ChunkError, pcodec};
use crate::varint::{self, Cursor};

/// All values have the same bits.
const SAME: u8 = 0;
/// Doubles as they are.
const DOUBLES: u8 = 1;
/// Integers once multiplied by 10 to the power that follows.
const DECIMALS: u8 = 2;

/// Powers of ten that are tried: exporters print up to six decimals.
const POWERS: [f64; 7] = [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];
/// Integers below this magnitude are exact in a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes the values.
pub(crate) fn encode(values: impl ExactSizeIterator<Item = f64> + Clone, out: &mut Vec<u8>) -> Result<(), ChunkError> {
    let first = values.clone().next().unwrap_or_default().to_bits();
    if values.clone().all(|v| v.to_bits() == first) {
        out.push(SAME);
        out.extend_from_slice(&first.to_le_bytes());
        return Ok(());
    }
    let (numbers, odd) = set_apart(values);
    if let Some((power, integers)) = decimals(&numbers) {
        out.push(DECIMALS);
        put_odd(&odd, out);
        out.push(power);
        pcodec::encode(&integers, &ChunkConfig::default().with_mode_spec(ModeSpec::Classic), out)
    } else {
        out.push(DOUBLES);
        put_odd(&odd, out);
        pcodec::encode(&numbers, &ChunkConfig::default().with_delta_spec(DeltaSpec::Auto), out)
    }
}

/// Reads `n` values.
pub(crate) fn decode(cursor: &mut Cursor<'_>, n: usize) -> Result<Vec<f64>, ChunkError> {
    const DAMAGED: ChunkError = ChunkError::Damaged("values");
    let kind = cursor.byte().ok_or(DAMAGED)?;
    if kind == SAME {
        return Ok(vec![f64::from_le_bytes(cursor.array().ok_or(DAMAGED)?); n]);
    }
    let odd = take_odd(cursor, n).ok_or(DAMAGED)?;
    let mut values = match kind {
        DOUBLES => pcodec::decode::<f64>(cursor, n)?,
        DECIMALS => {
            let power = cursor.byte().and_then(|p| POWERS.get(usize::from(p))).ok_or(DAMAGED)?;
            pcodec::decode::<i64>(cursor, n)?.into_iter().map(|integer| integer as f64 / power).collect()
        }
        _ => return Err(DAMAGED),
    };
    for (i, bits) in odd {
        *values.get_mut(i).ok_or(DAMAGED)? = f64::from_bits(bits);
    }
    Ok(values)
}

/// Positions and bits of what is no ordinary number, and the values with the number before in its place.
fn set_apart(values: impl Iterator<Item = f64>) -> (Vec<f64>, Vec<(usize, u64)>) {
    let (mut odd, mut last) = (Vec::new(), 0.0_f64);
    let numbers = values
        .enumerate()
        .map(|(i, value)| {
            if !value.is_finite() || (value == 0.0 && value.is_sign_negative()) {
                odd.push((i, value.to_bits()));
                return last;
            }
            last = value;
            value
        })
        .collect();
    (numbers, odd)
}

fn put_odd(odd: &[(usize, u64)], out: &mut Vec<u8>) {
    varint::put(out, odd.len() as u64);
    for (i, bits) in odd {
        varint::put(out, *i as u64);
        out.extend_from_slice(&bits.to_le_bytes());
    }
}

fn take_odd(cursor: &mut Cursor<'_>, n: usize) -> Option<Vec<(usize, u64)>> {
    let count = cursor.count().filter(|count| *count <= n)?;
    (0..count).map(|_| Some((cursor.count()?, u64::from_le_bytes(cursor.array()?)))).collect()
}

/// The integers that the values are when multiplied by the smallest power of ten that makes all of them so.
fn decimals(values: &[f64]) -> Option<(u8, Vec<i64>)> {
    let mut power = 0;
    for value in values {
        while !is_decimal(*value, *POWERS.get(power)?) {
            power += 1;
        }
    }
    // A value that one power makes an integer may be too large or inexact with a higher one.
    let factor = *POWERS.get(power)?;
    let integers = values.iter().map(|v| is_decimal(*v, factor).then(|| (v * factor).round() as i64));
    Some((power as u8, integers.collect::<Option<_>>()?))
}

fn is_decimal(value: f64, factor: f64) -> bool {
    let scaled = (value * factor).round();
    scaled.abs() < EXACT && (scaled as i64 as f64 / factor).to_bits() == value.to_bits()
}
