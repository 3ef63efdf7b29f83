//! Google's Gemini API: `generateContent` and `streamGenerateContent`.

mod read;
mod write;

pub(super) use read::Decoder;
pub(super) use write::write;
