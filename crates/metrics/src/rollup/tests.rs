//! Rolled-up samples keep count, sum, minimum and maximum of what they stand for.

use proptest::prelude::*;

use super::*;
use crate::{chunk::ChunkError, sample::STALE_NAN};

const STEP: NonZeroU32 = NonZeroU32::new(100).unwrap();

fn bucket(start: i64, count: u32, [sum, min, max, last]: [f64; 4]) -> Bucket {
    Bucket { start, count, sum, min, max, last }
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let value = prop_oneof![
        8 => (-1000_i64..1000).prop_map(|v| v as f64),
        1 => prop::sample::select(vec![STALE_NAN, f64::NAN, f64::INFINITY, -0.0]),
    ];
    prop::collection::btree_map(-2_000_i64..2_000, value, 1..200)
        .prop_map(|map| map.into_iter().map(|(ts, value)| Sample { ts, value }).collect())
}

proptest! {
    #[test]
    fn buckets_come_back_bit_for_bit(samples in samples(), at: prop::sample::Index, flip in 1_u8..) {
        let buckets = downsample(&samples, STEP);
        let mut bytes = encode(&buckets).unwrap();
        prop_assert_eq!(decode(&bytes).unwrap(), buckets);
        let at = at.index(bytes.len());
        prop_assert!(decode(&bytes[..at]).is_err());
        bytes[at] ^= flip;
        prop_assert!(decode(&bytes).is_err());
    }

    /// Whole numbers, so that no order of addition rounds.
    #[test]
    fn parts_merge_to_the_whole(samples in samples(), cut: prop::sample::Index, factor in 1_u32..5) {
        let (before, after) = samples.split_at(cut.index(samples.len()));
        let parts = [downsample(before, STEP), downsample(after, STEP)].concat();
        prop_assert_eq!(regroup(&parts, STEP), downsample(&samples, STEP));
        let wide = STEP.saturating_mul(NonZeroU32::new(factor).unwrap());
        prop_assert_eq!(regroup(&parts, wide), downsample(&samples, wide));
    }

    #[test]
    fn arbitrary_bytes_never_panic(body: Vec<u8>) {
        let mut bytes = [&[crate::chunk::VERSION][..], &body].concat();
        crate::chunk::seal(&mut bytes);
        let _ = decode(&bytes);
    }
}

#[test]
fn markers_and_nan_show_only_as_the_last_value() {
    let s = Sample::new;
    let nan = f64::NAN;
    let samples = [s(-1, 5.0), s(0, 1.0), s(1, nan), s(50, 3.0), s(100, 2.0), s(150, STALE_NAN), s(399, nan)];
    let expected = [
        bucket(-100, 1, [5.0; 4]),
        bucket(0, 2, [4.0, 1.0, 3.0, 3.0]),
        bucket(100, 1, [2.0, 2.0, 2.0, STALE_NAN]),
        bucket(300, 0, [0.0, nan, nan, nan]),
    ];
    let buckets = downsample(&samples, STEP);
    assert_eq!(buckets, expected);
    assert_eq!((buckets[1].mean(), buckets[3].mean()), (Some(2.0), None));
    assert_eq!(encode(&[]), Err(ChunkError::Empty));
    assert_eq!(encode(&[buckets[0], buckets[0]]), Err(ChunkError::Unsorted));
    assert_eq!(align(i64::MIN, STEP), i64::MIN);
    assert_eq!((FIVE_MINUTES.get(), align(-1, FIVE_MINUTES)), (300_000, -300_000));
}
