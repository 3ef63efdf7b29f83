//! Text made comparable: folded against disguise, cut into words and sentences, unpacked where something is hidden in it.
//! Every position can be led back to a byte range of the original, on character boundaries.

mod cipher;
mod decode;
mod disguise;
mod fold;
mod quoted;
mod spelled;
mod words;

pub(crate) use decode::hidden_texts;
pub(crate) use fold::{Folded, fold, fold_phrase};
pub(crate) use quoted::quoted;
pub(crate) use words::{Words, split_words, stands_alone};
