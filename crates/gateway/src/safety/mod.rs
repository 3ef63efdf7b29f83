//! Judges prompts and answers: injection, harmful content, hallucination risk, personal data and secrets.
//! Pure, synchronous and bounded: no I/O, no clock, and work that stops growing with the text.
//!
//! A text is folded against disguise, cut into sentences, and searched once for the phrases of a lexicon. Named rules look for sequences of
//! concepts; linear models score windows of sentences, and the strongest window counts, so padding does not dilute. Hidden texts (base64,
//! shifted alphabets, spaced letters, …) are unpacked once and judged as texts of their own. What was measured is in
//! `docs/safety-model-card.md`.

mod answer;
mod card;
mod conflict;
mod features;
mod judge;
mod lexicon;
mod model;
mod personal;
mod reading;
mod text;
pub mod train;
mod verdict;

pub use card::RuleCard;
pub use judge::{Judge, Role, Segment};
pub use lexicon::{LexiconError, Measures};
pub use model::ModelError;
pub use personal::redact;
pub use verdict::{Finding, Kind, Severity, Verdict};

#[cfg(test)]
mod tests;
