//! The doors: what callers speak. Requests are read, answers, streams and errors are written.
//!
//! Always true: whatever goes wrong, a caller gets an error document in the shape its own SDK knows.

mod chat;
mod completions;
mod error;
mod messages;
mod read;
mod responses;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

pub(crate) use error::{Refusal, error_document, error_event};
pub(crate) use read::{BadPrompt, read};

use crate::chat::{Event, Reply};
use crate::record::Usage;
use crate::request::Door;

/// What an answer says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// Without its prefix.
    pub(crate) id: String,
    /// The model that answered.
    pub(crate) model: String,
    pub(crate) created_secs: i64,
    /// Whether the caller asked for usage at the end of a stream.
    pub(crate) wants_usage: bool,
}

/// Writes a stream as a door's caller expects it.
#[derive(Debug)]
pub(crate) enum Writer {
    Chat(chat::Writer),
    Completions(completions::Writer),
    Messages(Box<messages::Writer>),
    Responses(Box<responses::Writer>),
}

impl Writer {
    /// Nothing for a door that has no streams.
    pub(crate) fn new(door: Door, about: About) -> Option<Self> {
        Some(match door {
            Door::Chat => Self::Chat(chat::Writer::new(about)),
            Door::Completions => Self::Completions(completions::Writer::new(about)),
            Door::Messages => Self::Messages(Box::new(messages::Writer::new(about))),
            Door::Responses => Self::Responses(Box::new(responses::Writer::new(about))),
            Door::Embeddings => return None,
        })
    }

    /// The frames for a piece of the answer, added to what is there.
    pub(crate) fn write(&mut self, event: Event, out: &mut String) {
        match self {
            Self::Chat(writer) => writer.write(event, out),
            Self::Completions(writer) => writer.write(event, out),
            Self::Messages(writer) => writer.write(event, out),
            Self::Responses(writer) => writer.write(event, out),
        }
    }

    /// The frames that end the stream.
    pub(crate) fn end(&mut self, out: &mut String) {
        match self {
            Self::Chat(writer) => writer.end(out),
            Self::Completions(writer) => writer.end(out),
            Self::Messages(writer) => writer.end(out),
            Self::Responses(writer) => writer.end(out),
        }
    }
}

/// A whole answer as a door's caller expects it.
pub(crate) fn whole(door: Door, about: &About, reply: &Reply) -> Bytes {
    let document = match door {
        Door::Completions => completions::whole(about, reply),
        Door::Messages => messages::whole(about, reply),
        Door::Responses => responses::whole(about, reply),
        Door::Chat | Door::Embeddings => chat::whole(about, reply),
    };
    Bytes::from(document.to_string())
}

/// A list of embeddings, as `/v1/embeddings` answers.
pub(crate) fn embeddings(model: &str, vectors: &[Vec<f64>], usage: Usage, is_base64: bool) -> Bytes {
    let written = |vector: &Vec<f64>| if is_base64 { floats(vector).into() } else { Value::from(vector.clone()) };
    let one =
        |(index, vector)| serde_json::json!({"object": "embedding", "index": index, "embedding": written(vector)});
    let data: Vec<Value> = vectors.iter().enumerate().map(one).collect();
    let usage = serde_json::json!({"prompt_tokens": usage.input, "total_tokens": usage.input});
    Bytes::from(serde_json::json!({"object": "list", "model": model, "data": data, "usage": usage}).to_string())
}

/// 32-bit floats, the lowest byte first, as base64: what `OpenAI`'s SDKs ask for.
#[expect(clippy::cast_possible_truncation, reason = "32 bits are what is asked for")]
fn floats(vector: &[f64]) -> String {
    let bytes: Vec<u8> = vector.iter().flat_map(|n| (*n as f32).to_le_bytes()).collect();
    STANDARD.encode(bytes)
}

/// One `data` frame.
fn frame(out: &mut String, data: &Value) {
    out.push_str("data: ");
    out.push_str(&data.to_string());
    out.push_str("\n\n");
}

/// One frame with a name, which is also the document's `type`.
fn named_frame(out: &mut String, name: &str, data: &Value) {
    out.push_str("event: ");
    out.push_str(name);
    out.push('\n');
    frame(out, data);
}

/// `OpenAI`'s usage of chat and completions.
fn openai_usage(usage: Usage) -> Value {
    serde_json::json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached_input},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    })
}
