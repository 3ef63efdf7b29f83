//! The head, with crashes, against a model that is a map.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::chunk;

const SEAL_AT: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    /// Series, time and value of each sample.
    Apply(Vec<(u64, i64, u64)>),
    /// Seal what is in the oldest of so many of the newest batches.
    SealBefore(u64),
    /// Store up to so many chunks; whether the commit works.
    Store(usize, bool),
    /// Delete what is not needed.
    Truncate,
    /// Lose everything that is not stored.
    Crash,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sample = (0_u64..3, 0_i64..60, any::<u64>());
    let step = prop_oneof![
        6 => prop::collection::vec(sample, 0..8).prop_map(Step::Apply),
        1 => (0_u64..4).prop_map(Step::SealBefore),
        2 => (0_usize..4, prop::bool::weighted(0.7)).prop_map(|(n, works)| Step::Store(n, works)),
        2 => Just(Step::Truncate),
        1 => Just(Step::Crash),
    ];
    prop::collection::vec(step, 0..60)
}

/// What the head should hold of one series.
#[derive(Default)]
struct Model {
    all: BTreeMap<i64, u64>,
    open: Vec<i64>,
    sealed_through: Option<i64>,
    /// The newest sample since the start.
    last: Option<i64>,
}

impl Model {
    fn offer(&mut self, ts: i64, bits: u64) -> Disposition {
        if self.sealed_through.is_some_and(|through| ts <= through) {
            let newest = self.open.is_empty() && self.last == Some(ts);
            return if newest { Disposition::Duplicate } else { Disposition::Late };
        }
        if self.all.contains_key(&ts) {
            return Disposition::Duplicate;
        }
        let newest = self.open.iter().all(|other| *other < ts);
        self.all.insert(ts, bits);
        self.open.push(ts);
        self.last = self.last.max(Some(ts));
        if self.open.len() == SEAL_AT {
            self.seal();
        }
        if newest { Disposition::Appended } else { Disposition::OutOfOrder }
    }

    fn seal(&mut self) {
        self.sealed_through = self.open.drain(..).max().or(self.sealed_through);
    }
}

/// A head, and what a database would hold beside it.
struct World {
    head: Head,
    seq: u64,
    batches: BTreeMap<u64, Vec<u8>>,
    chunks: Vec<SealedChunk>,
    models: BTreeMap<u64, Model>,
    first_batches: BTreeMap<u64, u64>,
}

impl World {
    fn apply(&mut self, samples: &[(u64, i64, u64)]) {
        let mut batch = Batch::default();
        for (n, ts, bits) in samples {
            let id = self.head.resolve(&labels(*n), &mut batch).unwrap();
            batch.push(id, Sample::new(*ts, f64::from_bits(*bits)));
        }
        let mut bytes = vec![];
        batch.encode(&mut bytes);
        self.seq += 1;
        self.batches.insert(self.seq, bytes);
        let mut seen = BTreeMap::<_, Vec<_>>::new();
        let outcome = self.head.apply_each(self.seq, &batch, |group, _, d| seen.entry(group.id).or_default().push(d));
        let mut expected = BTreeMap::<_, Vec<_>>::new();
        for (n, ts, bits) in samples {
            let model = self.models.entry(*n).or_default();
            if model.open.is_empty() {
                self.first_batches.insert(*n, self.seq);
            }
            expected.entry(labels(*n).id()).or_default().push(model.offer(*ts, *bits));
        }
        assert_eq!(seen, expected);
        assert_eq!(counts(&outcome).iter().sum::<u64>(), samples.len() as u64);
    }

    fn seal_before(&mut self, seq: u64) {
        self.head.seal_before(seq);
        for (n, model) in &mut self.models {
            if self.first_batches.get(n).is_some_and(|first| *first < seq) {
                model.seal();
            }
        }
    }

    fn store(&mut self, most: usize, works: bool) {
        let chunks = self.head.sealed(most).unwrap();
        if works {
            self.head.confirm(&chunks);
            self.chunks.extend(chunks);
        }
    }

    /// The samples of a series, from the head and from what is stored.
    fn read(&self, n: u64) -> BTreeMap<i64, u64> {
        let (mut held, mut stored, mut all) = (vec![], vec![], vec![]);
        let held_after = self.head.read(labels(n).id(), i64::MIN, i64::MAX, &mut held).unwrap();
        assert!(held.is_sorted_by(|a, b| a.ts < b.ts));
        for chunk in self.chunks.iter().filter(|c| c.series == labels(n).id()) {
            chunk::decode(&chunk.bytes, &mut stored).unwrap();
        }
        assert!(stored.is_sorted_by(|a, b| a.ts < b.ts), "stored chunks do not overlap");
        let after = |s: &&Sample| held_after.is_none_or(|after| s.ts > after);
        let missing = stored.iter().filter(after).find(|s| !held.contains(s));
        assert_eq!(missing, None, "the head says it has everything after {held_after:?}");
        crate::sample::merge(&held, &stored, &mut all);
        all.iter().map(|s| (s.ts, s.value.to_bits())).collect()
    }

    /// Starts again from what is stored. Late samples may be accepted now, so the model follows the head in those.
    fn crash(&mut self) {
        self.head = head(SEAL_AT);
        for n in self.models.keys() {
            let id = labels(*n).id();
            let through = self.chunks.iter().filter(|c| c.series == id).map(|c| c.end).max();
            self.head.load(&labels(*n), through).unwrap();
        }
        for (seq, bytes) in &self.batches {
            let outcome = self.head.replay(*seq, &Batch::decode(bytes).unwrap());
            assert_eq!((outcome.unknown, outcome.sealed), (vec![], 0));
        }
        self.head.finish_replay();
        for n in self.models.keys().copied().collect::<Vec<_>>() {
            let now = self.read(n);
            let model = &self.models[&n];
            for (ts, bits) in &model.all {
                assert_eq!(now.get(ts), Some(bits), "the sample of series {n} at {ts} was accepted before the crash");
            }
            // Everything is sealed, so that the model knows again where blocks begin.
            self.head.seal_before(u64::MAX);
            let sealed_through = now.keys().next_back().copied();
            let last = self.head.last(labels(n).id()).map(|last| last.ts);
            self.models.insert(n, Model { all: now, open: vec![], sealed_through, last });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn the_head_is_a_map_that_survives_crashes(steps in steps()) {
        let mut world = World {
            head: head(SEAL_AT), seq: 0, batches: BTreeMap::new(), chunks: vec![], models: BTreeMap::new(), first_batches: BTreeMap::new(),
        };
        for step in steps {
            match step {
                Step::Apply(samples) => world.apply(&samples),
                Step::SealBefore(back) => world.seal_before((world.seq + 1).saturating_sub(back)),
                Step::Store(most, works) => world.store(most, works),
                Step::Truncate => {
                    let first = world.head.first_needed_batch();
                    world.batches.retain(|seq, _| *seq >= first);
                }
                Step::Crash => world.crash(),
            }
            for (n, model) in &world.models {
                prop_assert_eq!(&world.read(*n), &model.all);
            }
        }
        world.crash();
    }
}
