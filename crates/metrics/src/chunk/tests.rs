//! Chunks give back what was put in, bit by bit, and damaged ones are refused.

use proptest::prelude::*;

use super::*;
use crate::sample::STALE_NAN;

fn series(steps: impl IntoIterator<Item = (i64, f64)>) -> Vec<Sample> {
    let mut ts = 1_700_000_000_000;
    steps
        .into_iter()
        .map(|(step, value)| {
            ts += step;
            Sample { ts, value }
        })
        .collect()
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let any = any::<u64>().prop_map(f64::from_bits);
    let integer = (-1_000_000_000_i64..1_000_000_000).prop_map(|v| v as f64);
    let decimal = (-1_000_000_i64..1_000_000).prop_map(|v| v as f64 / 1000.0);
    let odd = prop::sample::select(vec![STALE_NAN, f64::NAN, -0.0, 0.0, f64::INFINITY, 1e300, 5e-324]);
    let mixed = prop_oneof![4 => integer.clone().boxed(), 1 => odd.boxed()];
    prop_oneof![
        prop::collection::vec(any, 1..300),
        prop::collection::vec(integer, 1..300),
        prop::collection::vec(decimal, 1..300),
        prop::collection::vec(mixed, 1..300),
    ]
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let step = prop_oneof![Just(15_000_i64), 1_i64..100_000, 1_i64..1 << 40];
    (values(), prop::collection::vec(step, 300), any::<bool>()).prop_map(|(values, steps, even)| {
        let steps = steps.into_iter().map(move |s| if even { 10_000 } else { s });
        series(steps.zip(values))
    })
}

proptest! {
    #[test]
    fn samples_come_back_bit_for_bit(samples in samples()) {
        let chunk = encode(&samples).unwrap();
        prop_assert_eq!((chunk.start, chunk.end, chunk.n as usize), (samples[0].ts, samples[samples.len() - 1].ts, samples.len()));
        let mut out = vec![Sample::new(0, 0.0)];
        decode(&chunk.bytes, &mut out).unwrap();
        prop_assert_eq!(&out[1..], &samples[..]);
    }

    #[test]
    fn any_damage_is_noticed(samples in samples(), at: prop::sample::Index, flip in 1_u8..) {
        let mut bytes = encode(&samples).unwrap().bytes;
        let at = at.index(bytes.len());
        let mut out = vec![];
        prop_assert!(decode(&bytes[..at], &mut out).is_err());
        bytes[at] ^= flip;
        prop_assert!(decode(&bytes, &mut out).is_err());
        prop_assert!(out.is_empty());
    }

    /// A checksum guards against accidents only; whoever can write the database can also write a right one.
    #[test]
    fn damage_under_a_right_checksum_never_panics(samples in samples(), at: prop::sample::Index, flip in 1_u8..) {
        let mut bytes = encode(&samples).unwrap().bytes;
        bytes.truncate(bytes.len() - 4);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        seal(&mut bytes);
        let _ = decode(&bytes, &mut vec![]);
    }

    #[test]
    fn merging_is_joining(samples in samples(), cuts: [prop::sample::Index; 2]) {
        let mut cuts = cuts.map(|c| c.index(samples.len()));
        cuts.sort_unstable();
        let parts = [&samples[..cuts[0]], &samples[cuts[0]..cuts[1]], &samples[cuts[1]..]];
        let chunks: Vec<_> = parts.iter().filter(|p| !p.is_empty()).map(|p| encode(p).unwrap().bytes).collect();
        prop_assert_eq!(merge(chunks.iter().map(Vec::as_slice)).unwrap(), encode(&samples).unwrap());
    }
}

#[test]
fn the_extremes_of_time_fit() {
    let samples = [Sample::new(i64::MIN, 1.0), Sample::new(0, 2.0), Sample::new(i64::MAX, 3.0)];
    let mut out = vec![];
    decode(&encode(&samples).unwrap().bytes, &mut out).unwrap();
    assert_eq!(out, samples);
    assert_eq!(encode(&[]), Err(ChunkError::Empty));
    assert_eq!(encode(&[samples[1], samples[1]]), Err(ChunkError::Unsorted));
}

#[test]
fn more_than_a_page_comes_back() {
    let samples = series((0..600_000).map(|i| (1000 + i % 3, (i * i % 1_000_003) as f64)));
    let mut out = vec![];
    decode(&encode(&samples).unwrap().bytes, &mut out).unwrap();
    assert!(out == samples);
}

#[test]
fn where_chunks_overlap_the_earlier_wins() {
    let a = encode(&[Sample::new(1, 1.0), Sample::new(5, 1.0)]).unwrap();
    let b = encode(&[Sample::new(3, 2.0), Sample::new(5, 2.0)]).unwrap();
    let expected = encode(&[Sample::new(1, 1.0), Sample::new(3, 2.0), Sample::new(5, 1.0)]).unwrap();
    assert_eq!(merge([a.bytes.as_slice(), &b.bytes]).unwrap(), expected);
}
