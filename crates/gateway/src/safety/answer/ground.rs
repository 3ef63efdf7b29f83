//! Groundedness: how much of a statement's wording its context has. Six shares, weighed by a logistic regression trained on BEGIN.

use std::collections::HashSet;

use super::{is_stop_word, stem};
use crate::safety::model::{ModelError, hash, mix, sigmoid};
use crate::safety::text::fold;

/// Words, content words, word pairs, the longest run of unsupported content words, a question, the first person.
pub(crate) const FEATURES: usize = 6;
const MOST_CONTEXT: usize = 128 * 1024;
const FIRST_PERSON: &[&str] = &["i", "i'm", "i've", "i'd", "me", "my", "mine", "we"];

/// Weights of the six shares and of the constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ground {
    pub weights: [f32; FEATURES + 1],
}

impl Ground {
    /// One number a line.
    pub(crate) fn read(text: &str) -> Result<Self, ModelError> {
        let numbers: Vec<f32> =
            text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.trim().parse().ok()).collect();
        Ok(Self { weights: numbers.try_into().map_err(|_| ModelError::Format)? })
    }

    /// How sure it is that the context supports a folded statement, 0 to 1.
    pub(crate) fn share(&self, support: &Support, folded: &str) -> f32 {
        let features = support.features(folded);
        sigmoid(self.weights[FEATURES] + features.iter().zip(&self.weights).map(|(f, w)| f * w).sum::<f32>())
    }
}

/// What a context has: stems, pairs of words and numbers, by hash.
#[derive(Debug)]
pub(crate) struct Support {
    stems: HashSet<u64>,
    pairs: HashSet<u64>,
    numbers: HashSet<u64>,
}

impl Support {
    pub(crate) fn new(context: &str) -> Self {
        let folded = fold(&context[..context.floor_char_boundary(MOST_CONTEXT)]).text;
        let mut support = Self { stems: HashSet::new(), pairs: HashSet::new(), numbers: HashSet::new() };
        let mut before = 0;
        for word in words(&folded) {
            let this = hash(word.as_bytes());
            support.stems.insert(hash(stem(word).as_bytes()));
            support.pairs.insert(pair(before, this));
            if word.bytes().any(|b| b.is_ascii_digit()) {
                support.numbers.insert(this);
            }
            before = this;
        }
        support
    }

    pub(crate) fn features(&self, folded: &str) -> [f32; FEATURES] {
        let (mut count, mut known) = (0.0_f32, 0.0_f32);
        let (mut content, mut known_content) = (0.0_f32, 0.0_f32);
        let (mut run, mut longest) = (0.0_f32, 0.0_f32);
        let (mut pairs, mut known_pairs) = (0.0_f32, 0.0_f32);
        let mut first_person = 0.0;
        let mut before = None;
        for word in words(folded) {
            let here = self.stems.contains(&hash(stem(word).as_bytes()));
            count += 1.0;
            known += f32::from(u8::from(here));
            if !is_stop_word(word) {
                let weight = word.len().min(8) as f32;
                content += weight;
                known_content += if here { weight } else { 0.0 };
            }
            if here {
                run = 0.0;
            } else if !is_stop_word(word) {
                run += 1.0;
                longest = longest.max(run);
            }
            let this = hash(word.as_bytes());
            if let Some(before) = before {
                pairs += 1.0;
                known_pairs += f32::from(u8::from(self.pairs.contains(&pair(before, this))));
            }
            before = Some(this);
            if FIRST_PERSON.contains(&word) {
                first_person = 1.0;
            }
        }
        let share = |part: f32, whole: f32| if whole > 0.0 { part / whole } else { 0.0 };
        let question = f32::from(u8::from(folded.contains('?')));
        [
            share(known, count),
            share(known_content, content),
            share(known_pairs, pairs),
            longest.min(6.0) / 6.0,
            question,
            first_person,
        ]
    }

    /// A number of the statement that the context does not have. Single digits are counts and list marks.
    pub(crate) fn foreign_number<'a>(&self, folded: &'a str) -> Option<&'a str> {
        words(folded).find(|w| {
            w.len() > 1 && w.bytes().all(|b| b.is_ascii_digit()) && !self.numbers.contains(&hash(w.as_bytes()))
        })
    }
}

fn pair(first: u64, second: u64) -> u64 {
    mix(first.rotate_left(17) ^ second)
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric() && c != '\'').map(|w| w.trim_matches('\'')).filter(|w| !w.is_empty())
}

pub(crate) fn content_words(folded: &str) -> impl Iterator<Item = &str> {
    words(folded).filter(|w| !is_stop_word(w))
}
