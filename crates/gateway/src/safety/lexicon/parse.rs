//! Reads the concept files: `[concept]`, then phrases separated by commas; `*` at the end of a phrase means any ending.

use std::collections::BTreeMap;

use crate::safety::text::fold_phrase;

/// What a concept is evidence of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Injection,
    Harm,
    /// Statements in answers; judged by rules of their own, no model.
    Claim,
}

impl Family {
    pub(crate) const ALL: [Self; 3] = [Self::Injection, Self::Harm, Self::Claim];
}

/// A file of `config/safety` that cannot be used, and why.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("config/safety/{file}, line {line}: {problem}")]
pub struct LexiconError {
    pub file: &'static str,
    pub line: usize,
    pub problem: String,
}

/// A concept's number within its family, and its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub family: Family,
    pub concept: u8,
    pub any_ending: bool,
}

/// The concepts of one family and what its phrases mean, by folded phrase.
#[derive(Debug, Default)]
pub(crate) struct Concepts {
    pub names: Vec<String>,
    pub phrases: BTreeMap<String, Vec<(u8, bool)>>,
}

pub(crate) fn parse_concepts(text: &str, file: &'static str) -> Result<Concepts, LexiconError> {
    let mut concepts = Concepts::default();
    for (i, line) in text.lines().enumerate() {
        let wrong = |problem: &str| LexiconError { file, line: i + 1, problem: problem.to_owned() };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = heading(line) {
            if concepts.names.iter().any(|known| known == name) {
                return Err(wrong("this concept was begun before"));
            }
            concepts.names.push(name.to_owned());
            continue;
        }
        let concept =
            concepts.names.len().checked_sub(1).ok_or_else(|| wrong("a phrase before the first [concept]"))?;
        let concept = u8::try_from(concept).map_err(|_| wrong("more than 256 concepts"))?;
        for phrase in line.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let stem = fold_phrase(phrase.trim_end_matches('*').trim_end());
            if stem.chars().count() < 2 && !phrase.chars().all(|c| c.is_ascii_lowercase()) {
                return Err(wrong(&format!("the phrase {phrase:?} is too short to mean something")));
            }
            let meanings = concepts.phrases.entry(stem).or_default();
            if !meanings.iter().any(|m| m.0 == concept) {
                meanings.push((concept, phrase.ends_with('*')));
            }
        }
    }
    Ok(concepts)
}

fn heading(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?.strip_suffix(']')?;
    name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_').then_some(name)
}
