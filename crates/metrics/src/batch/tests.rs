//! Batches are written and read back whole, and damaged ones are refused.

use proptest::prelude::*;

use super::*;
use crate::sample::STALE_NAN;

fn labels(n: u32) -> Labels {
    Labels::from_pairs([("__name__", "m"), ("n", &n.to_string())]).unwrap()
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        any::<f32>().prop_map(f64::from),
        (-1_000_000_i64..1_000_000).prop_map(|v| v as f64),
        (-1_000_000_i64..1_000_000).prop_map(|v| v as f64 / 1000.0),
        Just(STALE_NAN),
        Just(-0.0),
    ]
}

fn batch() -> impl Strategy<Value = Batch> {
    let samples = prop::collection::vec((0_u64..5, any::<i64>(), value()), 0..60);
    (prop::collection::vec(0_u32..9, 0..4), samples).prop_map(|(series, samples)| {
        let mut batch = Batch::default();
        for n in series {
            batch.add_series(labels(n).id(), &labels(n)).unwrap();
        }
        for (id, ts, value) in samples {
            batch.push(SeriesId(id), Sample { ts, value });
        }
        batch
    })
}

proptest! {
    #[test]
    fn a_batch_comes_back_bit_for_bit(batch in batch()) {
        let mut bytes = vec![];
        batch.encode(&mut bytes);
        prop_assert_eq!(Batch::decode(&bytes).unwrap(), batch);
    }

    #[test]
    fn any_damage_is_noticed(batch in batch(), at: prop::sample::Index, flip in 1_u8..) {
        let mut bytes = vec![];
        batch.encode(&mut bytes);
        let at = at.index(bytes.len());
        prop_assert!(Batch::decode(&bytes[..at]).is_err());
        bytes[at] ^= flip;
        prop_assert!(Batch::decode(&bytes).is_err());
    }

    #[test]
    fn arbitrary_bytes_with_a_right_checksum_never_panic(body: Vec<u8>) {
        let mut bytes = vec![encode::VERSION];
        bytes.extend(body);
        bytes.extend(xxhash_rust::xxh3::xxh3_64(&bytes).to_le_bytes());
        let _ = Batch::decode(&bytes);
    }

    #[test]
    fn appending_is_pushing_one_after_the_other(a in batch(), b in batch()) {
        let mut joined = a.clone();
        joined.append(&b).unwrap();
        let samples = |batch: &Batch| batch.groups().flat_map(|g| g.samples().map(move |s| (g.id, s)).collect::<Vec<_>>()).collect::<Vec<_>>();
        prop_assert_eq!(samples(&joined), [samples(&a), samples(&b)].concat());
        for (id, labels) in a.new_series().iter().chain(b.new_series()) {
            prop_assert_eq!(joined.new_labels(*id), Some(labels));
        }
    }
}

#[test]
fn a_later_version_says_so() {
    let mut bytes = vec![];
    Batch::default().encode(&mut bytes);
    bytes[0] = 9;
    assert_eq!(Batch::decode(&bytes), Err(BatchError::Version(9)));
}

#[test]
fn one_id_for_two_label_sets_is_refused() {
    let (mut batch, mut other) = (Batch::default(), Batch::default());
    batch.add_series(SeriesId(1), &labels(1)).unwrap();
    assert_eq!(batch.add_series(SeriesId(1), &labels(1)), Ok(()));
    assert_eq!(batch.add_series(SeriesId(1), &labels(2)), Err(labels(1)));
    other.add_series(SeriesId(1), &labels(2)).unwrap();
    other.push(SeriesId(1), Sample::new(0, 0.0));
    assert_eq!(batch.append(&other), Err(labels(1)));
    assert_eq!(batch.n_samples(), 0);
}
