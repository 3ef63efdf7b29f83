//! Cohere's v2 chat.

mod read;
mod write;

pub(super) use read::{Decoder, whole};
pub(super) use write::write;
