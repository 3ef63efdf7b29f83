//! A text as it is judged: folded, cut into words, its concepts found and its features taken. The work stops growing with the text.

use std::ops::Range;

use super::features::Features;
use super::lexicon::{Family, Hit, Lexicon};
use super::model::Head;
use super::text::{Folded, Words, fold, split_words};

/// Sentences that models look at; of a longer text those with most concepts, its beginning and its end.
const MOST_SENTENCES: usize = 256;
const ENDS: usize = 24;

pub(crate) struct Reading {
    pub folded: Folded,
    pub words: Words,
    pub hits: Vec<Hit>,
    pub features: Features,
    /// The sentence of `words` for each sentence of `features`.
    sentences: Vec<usize>,
    /// The sentences of the whole text that models look at.
    chosen: Vec<usize>,
    /// The hits in the part that is judged.
    scope: Range<usize>,
}

impl Reading {
    pub(crate) fn new(text: &str, lexicon: &Lexicon) -> Self {
        let folded = fold(text);
        let words = split_words(&folded.text);
        let hits = lexicon.search(&folded.text, &words);
        let chosen = chosen(&words, &hits);
        let sentences = chosen.clone();
        let scope = 0..hits.len();
        let features = Features::new(&folded.text, &words, &hits, lexicon, &sentences);
        Self { folded, words, hits, features, sentences, chosen, scope }
    }

    /// Leaves only what lies in a range of the original text to be judged.
    pub(crate) fn narrow(&mut self, range: &Range<usize>, lexicon: &Lexicon) {
        let is_inside = |sentence: &usize| {
            let span = self.folded.original(self.words.bytes_of(*sentence..*sentence + 1));
            span.start < range.end && span.end > range.start
        };
        self.sentences = self.chosen.iter().copied().filter(is_inside).collect();
        let words =
            |sentence: Option<&usize>| sentence.and_then(|s| self.words.sentences.get(*s)).cloned().unwrap_or(0..0);
        let (first, last) = (words(self.sentences.first()).start, words(self.sentences.last()).end);
        self.scope = self.hits.partition_point(|h| h.first < first)..self.hits.partition_point(|h| h.first < last);
        self.features = Features::new(&self.folded.text, &self.words, &self.hits, lexicon, &self.sentences);
    }

    /// The hits in the part that is judged.
    pub(crate) fn hits_in_scope(&self) -> &[Hit] {
        self.hits.get(self.scope.clone()).unwrap_or_default()
    }

    pub(crate) fn sentence_of(&self, word: usize) -> usize {
        self.words.sentence_of(word)
    }

    /// What in a window speaks most for the head's answer: the strongest pair of concepts, else the strongest sentence.
    pub(crate) fn evidence(&self, window: &Range<usize>, head: &Head, family: Family, lexicon: &Lexicon) -> Evidence {
        let names = lexicon.names(family);
        let mut best = Evidence { bytes: 0..0, weight: 0.0, concepts: Vec::new() };
        for sentence in window.clone() {
            let Some(sentence) = self.sentences.get(sentence) else { continue };
            let Some(words) = self.words.sentences.get(*sentence) else { continue };
            let hits: Vec<&Hit> = self.hits.iter().filter(|h| h.family == family && words.contains(&h.first)).collect();
            for (i, a) in hits.iter().enumerate() {
                let alone = head.concept_weight(u32::from(a.concept));
                if alone > best.weight {
                    best = Evidence {
                        bytes: a.bytes.start as usize..a.bytes.end as usize,
                        weight: alone,
                        concepts: vec![a.concept],
                    };
                }
                for b in
                    hits[i + 1..].iter().filter(|b| b.first > a.last && b.first - a.last <= super::features::PAIR_GAP)
                {
                    let pair = head.concept_weight(super::model::pair_index(names.len(), a.concept, b.concept));
                    let weight = pair + alone + head.concept_weight(u32::from(b.concept));
                    if weight > best.weight {
                        best = Evidence {
                            bytes: a.bytes.start as usize..b.bytes.end as usize,
                            weight,
                            concepts: vec![a.concept, b.concept],
                        };
                    }
                }
            }
        }
        if best.concepts.is_empty() {
            let first = self.sentences.get(window.start).copied().unwrap_or(0);
            best.bytes = self.words.bytes_of(first..first + 1);
        }
        best
    }
}

/// What a score rests on.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// Bytes of the folded text.
    pub bytes: Range<usize>,
    weight: f32,
    pub concepts: Vec<u8>,
}

fn chosen(words: &Words, hits: &[Hit]) -> Vec<usize> {
    let count = words.sentences.len();
    if count <= MOST_SENTENCES {
        return (0..count).collect();
    }
    let mut interest = vec![0_u32; count];
    let mut last = (usize::MAX, u8::MAX);
    for hit in hits {
        let sentence = words.sentence_of(hit.first as usize);
        // The same concept again says little more.
        interest[sentence] += if last == (sentence, hit.concept) { 1 } else { 4 };
        last = (sentence, hit.concept);
    }
    for (i, value) in interest.iter_mut().enumerate() {
        *value = if i < ENDS || i >= count - ENDS { u32::MAX } else { *value };
    }
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(interest[*i]), *i));
    order.truncate(MOST_SENTENCES);
    order.sort_unstable();
    order
}
