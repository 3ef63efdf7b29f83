//! `OpenAI`'s chat completions, for callers who speak something else.

mod read;
mod write;

pub(super) use read::{Decoder, whole};
pub(super) use write::{Function, functions, part, write};
