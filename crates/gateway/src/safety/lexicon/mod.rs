//! Concepts: what phrases do in a sentence, whatever the language. One search over a folded text finds all of them.

mod parse;
mod rule;
mod search;

pub(crate) use parse::Family;
pub use parse::LexiconError;
pub use rule::Measures;
pub(crate) use rule::{Rule, Rules};
pub(crate) use search::{Hit, Lexicon};

pub(crate) const INJECTION: &str = include_str!("../../../../../config/safety/concepts/injection.txt");
pub(crate) const HARM: &str = include_str!("../../../../../config/safety/concepts/harm.txt");
pub(crate) const CLAIMS: &str = include_str!("../../../../../config/safety/concepts/claims.txt");
pub(crate) const RULES: &str = include_str!("../../../../../config/safety/rules.txt");
