//! The linear models: weights of concepts, pairs of concepts and hashed words, over windows of sentences.
//! A window's score is `bias + Σ weight·value / √(features)`; presence counts, not repetition, so neither padding nor repeating moves it far.

use super::features::{BUCKETS, Features, WORD_VALUE};
use super::lexicon::Family;

/// The shipped weights, written by training.
pub(crate) const STANDARD: &[u8] = include_bytes!("../../../../config/safety/model.bin");
const MAGIC: &[u8; 8] = b"BWSAFE01";

/// FNV-1a with a final mix: stable for ever, because weights are stored by its values.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for b in bytes {
        h = (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(h)
}

pub(crate) fn mix(h: u64) -> u64 {
    let h = (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}

/// A weights file that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelError {
    #[error("the safety model is not a weights file of this version")]
    Format,
    #[error("the safety model was trained for another lexicon: run `bellwether bench safety --train`")]
    OtherLexicon,
    #[error(transparent)]
    Lexicon(#[from] super::lexicon::LexiconError),
}

/// Which question a head answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeadKind {
    /// A caller turns the model against its instructions.
    Prompt,
    /// Data that the model should only read tells it what to do.
    Data,
    /// A request for, or an answer with, something harmful.
    Content,
}

impl HeadKind {
    pub(crate) const ALL: [Self; 3] = [Self::Prompt, Self::Data, Self::Content];

    /// What findings and measures call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Prompt => "prompt-model",
            Self::Data => "data-model",
            Self::Content => "content-model",
        }
    }

    pub(crate) fn family(self) -> Family {
        if self == Self::Content { Family::Harm } else { Family::Injection }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// One for each concept, then one for each ordered pair.
    pub concepts: Vec<f32>,
    /// Quantised weights of words and word pairs, in units of `unit`.
    pub words: Vec<i8>,
    pub unit: f32,
    pub bias: f32,
    /// The score of a text at which it is called an attack.
    pub threshold: f32,
}

/// A window's place and score.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub sentences: std::ops::Range<usize>,
    pub score: f32,
}

#[derive(Debug)]
pub(crate) struct Model {
    heads: [Head; 3],
}

impl Model {
    pub(crate) fn new(heads: [Head; 3]) -> Self {
        Self { heads }
    }

    pub(crate) fn head(&self, kind: HeadKind) -> &Head {
        &self.heads[kind as usize]
    }

    pub(crate) fn read(bytes: &[u8], fingerprint: u64) -> Result<Self, ModelError> {
        let mut reader = Reader(bytes);
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(ModelError::Format);
        }
        if reader.u64()? != fingerprint {
            return Err(ModelError::OtherLexicon);
        }
        let mut heads: [Head; 3] = Default::default();
        for head in &mut heads {
            let (concepts, words) = (reader.u64()? as usize, reader.u64()? as usize);
            [head.unit, head.bias, head.threshold] = [reader.f32()?, reader.f32()?, reader.f32()?];
            if words != BUCKETS {
                return Err(ModelError::Format);
            }
            head.concepts = (0..concepts.min(1 << 16)).map(|_| reader.f32()).collect::<Result<_, _>>()?;
            head.words = reader.take(words)?.iter().map(|b| b.cast_signed()).collect();
        }
        if reader.0.is_empty() { Ok(Self { heads }) } else { Err(ModelError::Format) }
    }

    pub(crate) fn write(&self, fingerprint: u64) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(fingerprint.to_le_bytes());
        for head in &self.heads {
            out.extend((head.concepts.len() as u64).to_le_bytes());
            out.extend((head.words.len() as u64).to_le_bytes());
            for value in [head.unit, head.bias, head.threshold].iter().chain(&head.concepts) {
                out.extend(value.to_le_bytes());
            }
            out.extend(head.words.iter().map(|w| w.cast_unsigned()));
        }
        out
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ModelError::Format)?;
        self.0 = rest;
        Ok(taken)
    }

    fn u64(&mut self) -> Result<u64, ModelError> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().map_err(|_| ModelError::Format)?))
    }

    fn f32(&mut self) -> Result<f32, ModelError> {
        let value = f32::from_le_bytes(self.take(4)?.try_into().map_err(|_| ModelError::Format)?);
        if value.is_finite() { Ok(value) } else { Err(ModelError::Format) }
    }
}

impl Head {
    pub(crate) fn word_weight(&self, bucket: u32) -> f32 {
        self.words.get(bucket as usize).map_or(0.0, |w| f32::from(*w) * self.unit)
    }

    pub(crate) fn concept_weight(&self, index: u32) -> f32 {
        self.concepts.get(index as usize).copied().unwrap_or(0.0)
    }

    /// The score of each window of a text, in the order of `features.windows()`.
    pub(crate) fn score(&self, features: &Features, family: Family) -> Vec<Scored> {
        let concepts = &features.concepts[family as usize];
        let word_weights: Vec<f32> = features.words.unique.iter().map(|b| WORD_VALUE * self.word_weight(*b)).collect();
        let concept_weights: Vec<f32> = concepts.unique.iter().map(|i| self.concept_weight(*i)).collect();
        let mut seen = (vec![0_u32; word_weights.len()], vec![0_u32; concept_weights.len()]);
        let mut out = Vec::new();
        for (epoch, window) in (1..).zip(features.windows()) {
            let (words, count_words) = features.words.sum(&window, &word_weights, &mut seen.0, epoch);
            let (pairs, count_pairs) = concepts.sum(&window, &concept_weights, &mut seen.1, epoch);
            let score = self.bias + (words + pairs) / super::features::norm(count_words + count_pairs);
            out.push(Scored { sentences: window, score });
        }
        out
    }
}

/// What several windows say of a text: the strongest, and a little for each further one that is strong too. Windows without a suspicion
/// add nothing, so harmless padding does not dilute.
pub(crate) fn combine(windows: &[Scored]) -> f32 {
    const FURTHER: usize = 5;
    const SHARE: f32 = 0.5;
    let mut top = [f32::NEG_INFINITY; FURTHER + 1];
    for scored in windows {
        let mut value = scored.score;
        for slot in &mut top {
            if value > *slot {
                std::mem::swap(slot, &mut value);
            }
        }
    }
    if top[0] == f32::NEG_INFINITY {
        return top[0];
    }
    top[0] + SHARE * top[1..].iter().map(|z| sigmoid(*z)).sum::<f32>()
}

pub(crate) fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// The index of an ordered pair among the concept features of a family with `n` concepts.
pub(crate) fn pair_index(n: usize, first: u8, second: u8) -> u32 {
    (n + usize::from(first) * n + usize::from(second)) as u32
}
