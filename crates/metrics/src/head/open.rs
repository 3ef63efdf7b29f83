//! The newest samples of a series, packed as they come.
//!
//! Always true here: times rise strictly and every value keeps its bits. Appending touches only the end; a sample between others
//! costs reading and writing all of them, which a few hundred samples and rare disorder allow.
//!
//! ```text
//! first sample: value            later ones: step − step before (zigzag varint), value
//! value: a byte whose two lowest bits say how it follows from the value before, see `Change`
//! ```

use crate::{
    Sample,
    varint::{self, Cursor, unzigzag, zigzag},
};

/// What became of a sample that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// It is the newest.
    Appended,
    /// It went between or before others.
    Inserted,
    /// There is a sample with its time.
    Duplicate,
}

/// Three to four bytes a sample for what exporters usually say, ten for noise in all bits.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    bytes: Vec<u8>,
    len: u32,
    start: i64,
    /// The newest time, the step to it, and the bits of its value: what the next sample is told by.
    tail: Tail,
}

#[derive(Clone, Copy, Debug, Default)]
struct Tail {
    ts: i64,
    step: i64,
    bits: u64,
}

impl Open {
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn start(&self) -> Option<i64> {
        (!self.is_empty()).then_some(self.start)
    }

    pub(super) fn end(&self) -> Option<i64> {
        (!self.is_empty()).then_some(self.tail.ts)
    }

    /// Takes the sample in where its time belongs.
    pub(super) fn offer(&mut self, sample: Sample) -> Offer {
        if self.is_empty() || sample.ts > self.tail.ts {
            self.append(sample);
            return Offer::Appended;
        }
        if sample.ts == self.tail.ts {
            return Offer::Duplicate;
        }
        let mut samples: Vec<_> = self.iter().collect();
        let Err(at) = samples.binary_search_by_key(&sample.ts, |s| s.ts) else { return Offer::Duplicate };
        samples.insert(at, sample);
        let mut packed = Self { bytes: Vec::with_capacity(self.bytes.len() + 24), ..Self::default() };
        samples.into_iter().for_each(|sample| packed.append(sample));
        *self = packed;
        Offer::Inserted
    }

    fn append(&mut self, sample: Sample) {
        const LONGEST: usize = 20;
        if self.bytes.capacity() - self.bytes.len() < LONGEST {
            // Less than doubling, so that little memory stands idle.
            self.bytes.reserve_exact((self.bytes.len() / 4).max(LONGEST + 12));
        }
        if self.is_empty() {
            self.start = sample.ts;
        } else {
            // Wrapping, so that the extremes of i64 come back too.
            let step = sample.ts.wrapping_sub(self.tail.ts);
            varint::put_signed(&mut self.bytes, step.wrapping_sub(self.tail.step));
            self.tail.step = step;
        }
        put_value(&mut self.bytes, self.tail.bits, sample.value.to_bits());
        self.tail.ts = sample.ts;
        self.tail.bits = sample.value.to_bits();
        self.len += 1;
    }

    /// All samples, by time.
    pub(super) fn iter(&self) -> impl Iterator<Item = Sample> + '_ {
        let (mut cursor, mut tail) = (Cursor::new(&self.bytes), Tail { ts: self.start, ..Tail::default() });
        (0..self.len).map_while(move |i| {
            if i > 0 {
                tail.step = tail.step.wrapping_add(cursor.signed()?);
                tail.ts = tail.ts.wrapping_add(tail.step);
            }
            tail.bits = take_value(&mut cursor, tail.bits)?;
            Some(Sample { ts: tail.ts, value: f64::from_bits(tail.bits) })
        })
    }

    /// The samples with a time in `start..=end`, by time.
    pub(super) fn range(&self, start: i64, end: i64) -> impl Iterator<Item = Sample> + '_ {
        let any = !self.is_empty() && self.start <= end && self.tail.ts >= start;
        let samples = any.then(|| self.iter()).into_iter().flatten();
        samples.skip_while(move |s| s.ts < start).take_while(move |s| s.ts <= end)
    }
}

/// How a value follows from the one before.
mod change {
    /// The bytes of both, combined by exclusive or, without leading and trailing zero bytes. The byte also holds how many bytes
    /// follow, less one, and how many trailing ones are left out.
    pub(super) const BITS: u8 = 0;
    /// Both are integers (0 is taken for one before that is not): their difference.
    pub(super) const INTEGER: u8 = 1;
    /// As `INTEGER`, of the values times a thousand.
    pub(super) const THOUSANDTH: u8 = 2;
    /// It is the same.
    pub(super) const NONE: u8 = 3;
}

fn put_value(out: &mut Vec<u8>, before: u64, now: u64) {
    if before == now {
        return out.push(change::NONE);
    }
    let value = f64::from_bits(now);
    if let Some(now) = integer(value) {
        let step = now - integer(f64::from_bits(before)).unwrap_or(0);
        return varint::put(out, zigzag(step) << 2 | u64::from(change::INTEGER));
    }
    if let Some(now) = thousandths(value) {
        let step = now - thousandths(f64::from_bits(before)).unwrap_or(0);
        return varint::put(out, zigzag(step) << 2 | u64::from(change::THOUSANDTH));
    }
    let mixed = before ^ now;
    let (trailing, leading) = (mixed.trailing_zeros() / 8, mixed.leading_zeros() / 8);
    let n = 8 - trailing - leading;
    out.push(change::BITS | ((n - 1) << 2 | trailing << 5) as u8);
    out.extend((mixed >> (8 * trailing)).to_le_bytes().iter().take(n as usize));
}

fn take_value(cursor: &mut Cursor<'_>, before: u64) -> Option<u64> {
    let first = *cursor.rest().first()?;
    if first & 3 == change::BITS {
        cursor.byte()?;
        let (n, trailing) = (usize::from(first >> 2 & 7) + 1, u32::from(first >> 5));
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(cursor.take(n)?).for_each(|(to, from)| *to = *from);
        return Some(before ^ u64::from_le_bytes(bytes).checked_shl(8 * trailing)?);
    }
    let step = unzigzag(cursor.varint()? >> 2);
    let value = |base: Option<i64>| base.unwrap_or(0).wrapping_add(step) as f64;
    Some(match first & 3 {
        change::INTEGER => value(integer(f64::from_bits(before))).to_bits(),
        change::THOUSANDTH => (value(thousandths(f64::from_bits(before))) / 1000.0).to_bits(),
        _ => before,
    })
}

/// The integer that `value` is, if a double holds all its neighbours.
fn integer(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = value as i64;
    // The comparison by bits keeps -0.0 and every NaN out.
    ((whole as f64).to_bits() == value.to_bits() && value.abs() < EXACT).then_some(whole)
}

/// The integer that `value` times a thousand is, where dividing gives the same bits again.
fn thousandths(value: f64) -> Option<i64> {
    const WORTH_IT: f64 = 1e9;
    let scaled = (value * 1000.0).round();
    (value.abs() < WORTH_IT && (scaled as i64 as f64 / 1000.0).to_bits() == value.to_bits()).then_some(scaled as i64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::sample::STALE_NAN;

    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<u64>().prop_map(f64::from_bits),
            any::<f32>().prop_map(f64::from),
            (-9_000_000_i64..9_000_000).prop_map(|v| v as f64),
            (-9_000_000_i64..9_000_000).prop_map(|v| v as f64 / 1000.0),
            prop::sample::select(vec![STALE_NAN, f64::NAN, 0.0, -0.0, f64::INFINITY, 9_007_199_254_740_992.0, 1e9]),
        ]
    }

    proptest! {
        #[test]
        fn a_buffer_is_a_sorted_map(
            offers in prop::collection::vec((prop_oneof![3 => -50_i64..50, 1 => any::<i64>()], value()), 0..120),
            start: i64,
            end: i64,
        ) {
            let (mut open, mut map) = (Open::default(), BTreeMap::new());
            for (ts, value) in offers {
                let newest = map.last_key_value().is_none_or(|(last, _)| *last < ts);
                let expected = match map.contains_key(&ts) {
                    true => Offer::Duplicate,
                    false if newest => Offer::Appended,
                    false => Offer::Inserted,
                };
                prop_assert_eq!(open.offer(Sample { ts, value }), expected);
                map.entry(ts).or_insert(value);
                prop_assert_eq!((open.len(), open.start()), (map.len(), map.keys().next().copied()));
                prop_assert_eq!(open.end(), map.keys().next_back().copied());
            }
            let all: Vec<_> = map.into_iter().map(|(ts, value)| Sample { ts, value }).collect();
            prop_assert_eq!(&open.iter().collect::<Vec<_>>(), &all);
            for (start, end) in [(start, end), (-10, 10)] {
                let within: Vec<_> = all.iter().filter(|s| start <= s.ts && s.ts <= end).copied().collect();
                prop_assert_eq!(open.range(start, end).collect::<Vec<_>>(), within);
            }
        }
    }

    #[test]
    fn usual_series_take_few_bytes() {
        let bytes = |value: fn(i64) -> f64| {
            let mut open = Open::default();
            for i in 0..240 {
                open.offer(Sample::new(i * 15_000 + i % 3, value(i)));
            }
            open.bytes.len()
        };
        assert!(bytes(|_| 1.0) <= 490);
        assert!(bytes(|i| (i * 1_234) as f64) <= 970);
        assert!(bytes(|i| (i * 7_919 % 1_000) as f64 / 1000.0) <= 730);
    }
}
