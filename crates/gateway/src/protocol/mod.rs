//! Providers' own protocols: a prompt is written as the provider wants it, what it answers is read back.
//!
//! Always true: what is read is either events or a failure with a class; nothing that a prompt asks for and that changes the meaning of the
//! answer is left out silently. Wishes about sampling that a provider does not have (a seed, penalties, `top_k`) are left out.

mod anthropic;
mod cohere;
pub(crate) mod embed;
mod gemini;
mod openai;

use serde_json::Value;

use crate::chat::{Event, Prompt};
use crate::failure::{Class, Failure};
use crate::request::Door;
use crate::settings::Kind;
use crate::snapshot::TargetPlan;

/// A request in a provider's words.
#[derive(Debug)]
pub(crate) struct Written {
    /// Stands behind the provider's base URL.
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

/// What was read of an answer.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) events: Vec<Event>,
    /// Why the answer ended, in the provider's word.
    pub(crate) finish: Option<String>,
    /// The provider said that no more comes.
    pub(crate) is_done: bool,
}

/// Whether calls at a door can be translated for a provider that does not speak the door's protocol.
pub(crate) fn can_translate(kind: Kind, door: Door) -> bool {
    match door {
        Door::Embeddings => matches!(kind, Kind::Gemini | Kind::Cohere | Kind::HuggingFace),
        _ => kind != Kind::Simulation,
    }
}

/// Writes a prompt for a target.
pub(crate) fn write(prompt: &Prompt, target: &TargetPlan) -> Result<Written, Failure> {
    match target.provider.settings.kind {
        Kind::OpenAi | Kind::HuggingFace => openai::write(prompt, target),
        Kind::Anthropic => anthropic::write(prompt, target),
        Kind::Gemini => gemini::write(prompt, target),
        Kind::Cohere => cohere::write(prompt, target),
        Kind::Simulation => Err(Failure::new(Class::Unsupported, "the simulation is not called")),
    }
}

/// Reads a stream, frame by frame.
#[derive(Debug)]
pub(crate) enum Decoder {
    OpenAi(openai::Decoder),
    Anthropic(anthropic::Decoder),
    Gemini(gemini::Decoder),
    Cohere(cohere::Decoder),
}

impl Decoder {
    pub(crate) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Anthropic => Self::Anthropic(anthropic::Decoder::default()),
            Kind::Gemini => Self::Gemini(gemini::Decoder::default()),
            Kind::Cohere => Self::Cohere(cohere::Decoder::default()),
            Kind::OpenAi | Kind::HuggingFace | Kind::Simulation => Self::OpenAi(openai::Decoder::default()),
        }
    }

    /// Reads one frame's data.
    pub(crate) fn frame(&mut self, data: &[u8]) -> Result<Read, Failure> {
        if data == b"[DONE]" {
            return Ok(Read { is_done: true, ..Read::default() });
        }
        let value = parsed(data)?;
        match self {
            Self::OpenAi(decoder) => decoder.frame(&value),
            Self::Anthropic(decoder) => decoder.frame(&value),
            Self::Gemini(decoder) => decoder.chunk(&value),
            Self::Cohere(decoder) => decoder.frame(&value),
        }
        .map_err(|unfit| unfit.into_failure(data))
    }
}

/// Reads a whole, unstreamed answer.
pub(crate) fn whole(kind: Kind, body: &[u8]) -> Result<Read, Failure> {
    let value = parsed(body)?;
    let read = match kind {
        Kind::Anthropic => anthropic::whole(&value),
        Kind::Gemini => gemini::Decoder::default().chunk(&value),
        Kind::Cohere => cohere::whole(&value),
        Kind::OpenAi | Kind::HuggingFace | Kind::Simulation => openai::whole(&value),
    };
    let read = read.map_err(|unfit| unfit.into_failure(body))?;
    let says = |event: &Event| matches!(event, Event::Text(_) | Event::ToolStart { .. } | Event::Reasoning(_));
    if read.finish.is_none() && !read.events.iter().any(says) {
        return Err(Failure::new(Class::Empty, "there is no answer in it"));
    }
    Ok(read)
}

fn parsed(data: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(data).map_err(|error| Failure::new(Class::Malformed, error.to_string()))
}

/// Why a document is no part of an answer.
#[derive(Debug)]
enum Unfit {
    /// It is an error document.
    Error,
    /// Something else is wrong with it.
    Failed(Failure),
}

impl Unfit {
    fn into_failure(self, document: &[u8]) -> Failure {
        match self {
            Self::Error => Failure::in_stream(document),
            Self::Failed(failure) => failure,
        }
    }
}

impl From<Failure> for Unfit {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What a prompt asks for and this provider cannot be asked.
fn unsupported(message: &str) -> Failure {
    Failure::new(Class::Unsupported, message)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn count(value: &Value, key: &str) -> u64 {
    value.get(key).and_then(Value::as_u64).unwrap_or(0)
}

/// The members of an array, none of anything else.
fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Arguments as the object that they have to be.
fn object(json: &str) -> Value {
    serde_json::from_str(json).ok().filter(Value::is_object).unwrap_or_else(|| Value::Object(serde_json::Map::new()))
}

/// A body as bytes. What is written here can always be written.
fn bytes(body: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(body).map_err(|error| Failure::new(Class::Unsupported, error.to_string()))
}
