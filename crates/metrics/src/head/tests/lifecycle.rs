//! From buffer to stored chunk, to oblivion.

use super::*;
use crate::{chunk, sample::STALE_NAN};

#[test]
fn each_sample_has_a_defined_outcome() {
    let head = head(3);
    let apply = |seq, samples: &[(i64, f64)]| counts(&head.apply(seq, &batch(&head, 1, samples)));
    assert_eq!(apply(1, &[(10, 1.0), (30, 3.0)]), [2, 0, 0, 0]);
    assert_eq!(apply(2, &[(30, 9.0), (10, 9.0)]), [0, 0, 2, 0]);
    // The third sample seals the buffer.
    assert_eq!(apply(3, &[(20, 2.0), (20, 9.0), (30, 9.0), (5, 9.0)]), [0, 1, 1, 2]);
    assert_eq!(apply(4, &[(31, 4.0), (30, 9.0)]), [1, 0, 0, 1]);
    assert_eq!(read(&head, 1), [(10, 1.0), (20, 2.0), (30, 3.0), (31, 4.0)]);
    assert_eq!(head.last(labels(1).id()), Some(Sample::new(31, 4.0)));
}

#[test]
fn every_nan_keeps_its_bits() {
    let head = head(2);
    let odd = f64::from_bits(0x7ff8_dead_beef_0001);
    head.apply(1, &batch(&head, 1, &[(1, STALE_NAN), (2, odd), (3, STALE_NAN)]));
    let bits = |head: &Head| read(head, 1).iter().map(|(_, v)| v.to_bits()).collect::<Vec<_>>();
    let expected = [STALE_NAN.to_bits(), odd.to_bits(), STALE_NAN.to_bits()];
    assert_eq!(bits(&head), expected);
    assert_eq!(head.sealed(9).unwrap().len(), 1);
    assert_eq!(bits(&head), expected, "from the compressed block too");
}

#[test]
fn times_may_be_as_far_apart_as_they_like() {
    let head = head(3);
    let extremes = [(i64::MIN, 1.0), (i64::MAX, 2.0)];
    assert_eq!(counts(&head.apply(1, &batch(&head, 1, &extremes))), [2, 0, 0, 0]);
    assert_eq!(counts(&head.apply(2, &batch(&head, 1, &[(0, 3.0)]))), [0, 1, 0, 0]);
    let expected = [(i64::MIN, 1.0), (0, 3.0), (i64::MAX, 2.0)];
    assert_eq!(read(&head, 1), expected);
    head.sealed(1).unwrap();
    assert_eq!(read(&head, 1), expected, "from the compressed block too");
}

#[test]
fn sealed_chunks_come_again_until_they_are_confirmed() {
    let head = head(2);
    head.apply(1, &batch(&head, 1, &[(1, 1.0), (2, 2.0), (3, 3.0), (4, 4.0), (5, 5.0)]));
    let first = head.sealed(1).unwrap();
    assert_eq!((first[0].start, first[0].end, first[0].n), (1, 2, 2));
    let both = head.sealed(9).unwrap();
    assert_eq!((both.len(), &both[0], head.n_unconfirmed()), (2, &first[0], 2));
    let mut samples = vec![];
    chunk::decode(&both[1].bytes, &mut samples).unwrap();
    assert_eq!(samples, [Sample::new(3, 3.0), Sample::new(4, 4.0)]);
    head.confirm(&both);
    assert_eq!((head.sealed(9).unwrap().len(), head.n_unconfirmed()), (0, 0));
    // One confirmed block is kept.
    assert_eq!(read(&head, 1), [(3, 3.0), (4, 4.0), (5, 5.0)]);
}

#[test]
fn reading_says_from_where_it_is_whole() {
    let head = head(2);
    let id = labels(1).id();
    let held_after = |start| head.read(id, start, i64::MAX, &mut vec![]).unwrap();
    assert_eq!(held_after(0), None);
    head.apply(1, &batch(&head, 1, &[(10, 1.0), (20, 2.0), (30, 3.0), (40, 4.0)]));
    assert_eq!(held_after(0), Some(9));
    head.confirm(&head.sealed(9).unwrap());
    assert_eq!(held_after(0), Some(20));
    let mut out = vec![];
    head.read(id, 25, 35, &mut out).unwrap();
    assert_eq!(out, [Sample::new(30, 3.0)]);
}

#[test]
fn batches_are_needed_until_their_samples_are_stored() {
    let head = head(3);
    assert_eq!(head.first_needed_batch(), 1);
    head.apply(1, &batch(&head, 1, &[(1, 1.0)]));
    head.apply(2, &batch(&head, 2, &[(1, 1.0), (2, 2.0), (3, 3.0)]));
    head.apply(3, &batch(&head, 1, &[(2, 2.0)]));
    assert_eq!(head.first_needed_batch(), 1);
    assert_eq!(head.seal_before(2), 1);
    assert_eq!(head.first_needed_batch(), 1, "sealed is not stored");
    let chunks = head.sealed(9).unwrap();
    let slow: Vec<_> = chunks.iter().filter(|c| c.series == labels(1).id()).cloned().collect();
    head.confirm(&slow);
    assert_eq!(head.first_needed_batch(), 2);
    head.confirm(&chunks);
    assert_eq!(head.first_needed_batch(), 4);
    head.apply(4, &batch(&head, 2, &[(4, 4.0)]));
    assert_eq!(head.first_needed_batch(), 4);
}

#[test]
fn idle_series_go_when_nobody_used_them_twice() {
    let head = head(3);
    head.apply(1, &batch(&head, 1, &[(1, 1.0)]));
    head.apply(2, &batch(&head, 2, &[(9, 1.0)]));
    let (one, two) = (labels(1).id(), labels(2).id());
    assert_eq!((head.evict_idle(5), head.evict_idle(5)), (vec![], vec![]), "its samples are not stored");
    head.seal_before(9);
    head.confirm(&head.sealed(9).unwrap());
    assert_eq!(head.evict_idle(5), []);
    // Resolving takes the mark off.
    head.resolve(&labels(1), &mut Batch::default()).unwrap();
    assert_eq!(head.evict_idle(5), []);
    assert_eq!(head.evict_idle(5), [one]);
    assert_eq!((head.n_series(), head.contains(one), head.contains(two)), (1, false, true));
    assert_eq!(head.select(&[Matcher::equal("__name__", "m")]), [two]);
    // A batch that was resolved before tells who is missing.
    let mut late = Batch::default();
    late.push(one, Sample::new(20, 2.0));
    let outcome = head.apply(3, &late);
    assert_eq!((counts(&outcome), outcome.unknown), ([0; 4], vec![one]));
    head.load(&labels(1), Some(1)).unwrap();
    assert_eq!(counts(&head.apply(4, &late)), [1, 0, 0, 0]);
}
