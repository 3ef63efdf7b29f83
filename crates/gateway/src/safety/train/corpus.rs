//! Labelled texts to learn from and to measure with. The project's own phrases are always among them.

use super::Dice;
use super::phrases::{Phrase, Phrases};
use crate::safety::model::HeadKind;

/// A file that is not what its set's format says.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct CorpusError {
    pub file: String,
    pub problem: String,
}

/// What a text of a set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Train,
    Test,
    Both,
}

/// Labelled texts of one kind from one source.
#[derive(Debug)]
pub(crate) struct Set {
    pub name: &'static str,
    /// What is left out together: sets of one author or of one template.
    pub source: &'static str,
    pub head: HeadKind,
    pub attack: bool,
    pub for_use: Use,
    pub cases: Vec<Case>,
}

/// A text and, where the set has one, the system prompt it was written against.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub system: Option<String>,
    pub text: String,
    /// The phrase group of one of our own.
    pub group: String,
}

/// A knowledge text, an answer, and whether the answer is supported.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub knowledge: String,
    pub answer: String,
    pub supported: bool,
}

#[derive(Debug, Default)]
pub struct Corpus {
    pub(crate) sets: Vec<Set>,
    /// By source.
    pub(crate) pairs: Vec<(&'static str, Vec<Pair>)>,
}

pub(crate) const OWN: &str = "own phrases";

impl Corpus {
    /// The project's own phrases alone.
    pub fn own() -> Self {
        let mut corpus = Self::default();
        corpus.add_own(&Phrases::standard());
        corpus
    }

    /// Prompts of about so many bytes, harmless and not, put together from the texts of the sets in turn.
    pub fn prompts(&self, bytes: usize) -> Vec<String> {
        let tested = self.sets.iter().filter(|set| set.for_use != Use::Train);
        let mut prompts = Vec::new();
        for set in tested {
            let mut prompt = String::with_capacity(bytes);
            for case in &set.cases {
                prompt.push_str(&case.text);
                prompt.push('\n');
                if prompt.len() >= bytes {
                    prompt.truncate(prompt.floor_char_boundary(bytes));
                    prompts.push(std::mem::take(&mut prompt));
                }
            }
        }
        prompts
    }

    pub(super) fn add(
        &mut self,
        name: &'static str,
        source: &'static str,
        head: HeadKind,
        attack: bool,
        for_use: Use,
        cases: Vec<Case>,
    ) {
        self.sets.push(Set { name, source, head, attack, for_use, cases });
    }

    fn add_own(&mut self, own: &Phrases) {
        let mut dice = Dice::new(5);
        let of = |phrases: &[Phrase], label: &str| -> Vec<Case> {
            let wanted = phrases.iter().filter(|p| p.label == label);
            wanted.map(|p| Case { text: p.text.clone(), group: p.group.clone(), system: None }).collect()
        };
        let (attacks, in_data) = (of(&own.injection, "user"), of(&own.injection, "data"));
        let (asked, documents) = (of(&own.benign, "user"), of(&own.benign, "data"));
        let (harm, harmless) = (of(&own.harm, "harm"), of(&own.harm, "harmless"));
        let long = |dice: &mut Dice, from: &[Case], sentences: usize, count: usize| -> Vec<Case> {
            let one = |dice: &mut Dice| {
                (0..sentences).filter_map(|_| dice.pick(from)).map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ")
            };
            (0..count).map(|_| Case { text: one(dice), group: "long".to_owned(), system: None }).collect()
        };
        let padded: Vec<Case> = (0..80)
            .filter_map(|_| {
                let attack = dice.pick(&attacks)?.clone();
                let (before, after) =
                    (long(&mut dice, &asked, 4, 1).pop()?.text, long(&mut dice, &asked, 2, 1).pop()?.text);
                Some(Case { text: format!("{before} {} {after}", attack.text), ..attack })
            })
            .collect();
        let everyday = [
            asked.clone(),
            harmless.clone(),
            long(&mut dice, &asked, 5, 60),
            long(&mut dice, &asked, 14, 60),
            long(&mut dice, &documents, 6, 80),
        ]
        .concat();
        let pages = [documents.clone(), long(&mut dice, &documents, 8, 200)].concat();
        let calm = [harmless, asked.clone(), long(&mut dice, &asked, 6, 100)].concat();
        self.add("own attacks", OWN, HeadKind::Prompt, true, Use::Both, [attacks.clone(), padded].concat());
        self.add("own everyday prompts", OWN, HeadKind::Prompt, false, Use::Both, everyday);
        self.add("own instructions in data", OWN, HeadKind::Data, true, Use::Both, [in_data, attacks].concat());
        self.add("own documents", OWN, HeadKind::Data, false, Use::Both, pages);
        self.add("own harmful requests", OWN, HeadKind::Content, true, Use::Both, harm);
        self.add("own harmless requests", OWN, HeadKind::Content, false, Use::Both, calm);
    }
}
