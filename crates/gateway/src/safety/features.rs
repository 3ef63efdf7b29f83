//! What the models look at: which concepts a sentence has, which follow each other, and which words and word pairs.

use std::cell::RefCell;
use std::ops::Range;

use super::lexicon::{Family, Hit, Lexicon};
use super::model::{hash, mix, pair_index};
use super::text::Words;

/// Words and word pairs share so many weights.
pub(crate) const BUCKETS: usize = 1 << 15;
/// What a word counts against a concept: concepts are knowledge, words only correlate.
pub(crate) const WORD_VALUE: f32 = 0.5;
/// Two concepts belong together when at most so many words lie between the starts of them.
pub(crate) const PAIR_GAP: u32 = 8;
/// Lengths of the windows, in sentences.
const SCALES: [usize; 4] = [1, 3, 8, 20];
/// Short texts are scored as if they had so many features: three words are not a proof.
const LEAST_FEATURES: usize = 12;

pub(crate) fn norm(features: usize) -> f32 {
    (features.max(LEAST_FEATURES) as f32).sqrt()
}

/// One kind of feature: the different ones, and for each sentence which it has.
#[derive(Debug, Default)]
pub(crate) struct Column {
    pub unique: Vec<u32>,
    /// Places in `unique`, sentence after sentence.
    items: Vec<u32>,
    /// Where each sentence's items end.
    ends: Vec<u32>,
}

impl Column {
    fn new(raw: Vec<u32>, ends: Vec<u32>) -> Self {
        let mut unique = raw.clone();
        unique.sort_unstable();
        unique.dedup();
        let items = raw.iter().map(|v| unique.partition_point(|u| u < v) as u32).collect();
        Self { unique, items, ends }
    }

    /// The same for values below [`BUCKETS`], by a table instead of sorting; they are in the order in which they come.
    fn of_buckets(mut raw: Vec<u32>, ends: Vec<u32>) -> Self {
        thread_local! {
            /// For each bucket the round in which it was seen last, and its place then.
            static SEEN: RefCell<(u32, Vec<(u32, u32)>)> = RefCell::new((0, vec![(0, 0); BUCKETS]));
        }
        let mut unique = Vec::with_capacity(raw.len());
        SEEN.with_borrow_mut(|(round, seen)| {
            *round = round.wrapping_add(1);
            if *round == 0 {
                seen.fill((0, 0));
                *round = 1;
            }
            for value in &mut raw {
                let Some((last, place)) = seen.get_mut(*value as usize) else { continue };
                if *last != *round {
                    (*last, *place) = (*round, unique.len() as u32);
                    unique.push(*value);
                }
                *value = *place;
            }
        });
        Self { unique, items: raw, ends }
    }

    /// The places in `unique` of the features of a window; a feature of several sentences comes several times.
    pub(crate) fn of(&self, window: &Range<usize>) -> &[u32] {
        let end = |sentence: usize| self.ends.get(sentence).copied().unwrap_or(0) as usize;
        let start = window.start.checked_sub(1).map_or(0, end);
        self.items.get(start..end(window.end.saturating_sub(1))).unwrap_or_default()
    }

    /// The sum of the weights of a window's features, each once, and how many they are.
    pub(crate) fn sum(&self, window: &Range<usize>, weights: &[f32], seen: &mut [u32], epoch: u32) -> (f32, usize) {
        let (mut sum, mut count) = (0.0, 0);
        for item in self.of(window) {
            let item = *item as usize;
            if let (Some(last), Some(weight)) = (seen.get_mut(item), weights.get(item))
                && *last != epoch
            {
                *last = epoch;
                sum += weight;
                count += 1;
            }
        }
        (sum, count)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Features {
    pub words: Column,
    /// By family.
    pub concepts: [Column; 2],
    sentences: usize,
}

impl Features {
    /// Features of the given sentences of a text, which become sentences 0, 1, … of the features.
    pub(crate) fn new(text: &str, words: &Words, hits: &[Hit], lexicon: &Lexicon, sentences: &[usize]) -> Self {
        let mut raw_words = (Vec::with_capacity(words.ranges.len() * 2), Vec::new());
        let mut raw = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
        for sentence in sentences {
            let Some(range) = words.sentences.get(*sentence) else { continue };
            let mut before = hash(b"^");
            for word in words.ranges.get(range.start as usize..range.end as usize).unwrap_or_default() {
                let this = hash(text.get(word.start as usize..word.end as usize).unwrap_or_default().as_bytes());
                raw_words.0.push(this as u32 % BUCKETS as u32);
                raw_words.0.push(mix(before.rotate_left(17) ^ this) as u32 % BUCKETS as u32);
                before = this;
            }
            raw_words.1.push(raw_words.0.len() as u32);
            let from = hits.partition_point(|h| h.first < range.start);
            let to = hits.partition_point(|h| h.first < range.end);
            for family in [Family::Injection, Family::Harm] {
                let (items, ends) = &mut raw[family as usize];
                concepts_of(&hits[from..to], family, lexicon.names(family).len(), items);
                ends.push(items.len() as u32);
            }
        }
        let sentences = raw_words.1.len();
        let [injection, harm] = raw;
        Self {
            words: Column::of_buckets(raw_words.0, raw_words.1),
            concepts: [Column::new(injection.0, injection.1), Column::new(harm.0, harm.1)],
            sentences,
        }
    }

    /// Sentences alone, and runs of several that overlap by half.
    pub(crate) fn windows(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.sentences;
        SCALES.into_iter().filter(move |scale| *scale == 1 || count > 1).flat_map(move |scale| {
            let step = (scale / 2).max(1);
            // The last run of a scale reaches the end; what would begin after it is part of it.
            let starts = if scale == 1 { count } else { count.saturating_sub(scale).div_ceil(step) + 1 };
            (0..starts).map(move |i| i * step..(i * step + scale).min(count))
        })
    }
}

/// The concepts of a sentence and the ordered pairs of them that are close together.
fn concepts_of(hits: &[Hit], family: Family, concepts: usize, out: &mut Vec<u32>) {
    /// A sentence of nothing but phrases would have a great many pairs.
    const MOST_FOLLOWERS: usize = 24;
    for (i, hit) in hits.iter().enumerate().filter(|(_, h)| h.family == family) {
        out.push(u32::from(hit.concept));
        let followers = hits[i + 1..].iter().filter(|h| h.family == family && h.first > hit.last);
        for next in followers.take_while(|h| h.first - hit.last <= PAIR_GAP).take(MOST_FOLLOWERS) {
            out.push(pair_index(concepts, hit.concept, next.concept));
        }
    }
}
