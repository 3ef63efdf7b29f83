//! A request: turns, tools and wishes.

use serde_json::value::RawValue;

/// Everything a chat request can say that more than one provider understands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prompt {
    /// Instructions that stand above the conversation.
    pub(crate) system: Vec<String>,
    pub(crate) turns: Vec<Turn>,
    pub(crate) tools: Vec<Tool>,
    pub(crate) tool_choice: ToolChoice,
    pub(crate) parallel_tools: Option<bool>,
    pub(crate) max_tokens: Option<u64>,
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) top_k: Option<u64>,
    pub(crate) presence_penalty: Option<f64>,
    pub(crate) frequency_penalty: Option<f64>,
    pub(crate) seed: Option<i64>,
    pub(crate) stop: Vec<String>,
    pub(crate) format: Format,
    pub(crate) reasoning: Option<Reasoning>,
    /// The caller's name for its user.
    pub(crate) user: Option<String>,
    pub(crate) stream: bool,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    User,
    Assistant,
}

/// What one side says before the other answers. Results of tools are said by the user.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) parts: Vec<Part>,
}

/// A part of a turn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Text(String),
    /// Base64.
    Image {
        media_type: String,
        data: String,
    },
    ImageUrl(String),
    /// Base64; a PDF most of the time.
    Document {
        media_type: String,
        data: String,
        name: Option<String>,
    },
    ToolCall {
        id: String,
        name: String,
        arguments: String,
        signature: Option<String>,
    },
    ToolResult {
        id: String,
        name: Option<String>,
        content: String,
        is_error: bool,
    },
    Reasoning {
        text: String,
        signature: Option<String>,
    },
}

/// A function the model may call.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// JSON Schema, in the words and the order it came in.
    pub(crate) schema: Option<Box<RawValue>>,
    pub(crate) strict: Option<bool>,
}

/// Whether tools are to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ToolChoice {
    #[default]
    Auto,
    None,
    Any,
    Named(String),
}

/// What the text of the answer is to be.
#[derive(Clone, Debug, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
    Schema {
        name: String,
        schema: Box<RawValue>,
        strict: Option<bool>,
    },
}

/// How much is to be thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reasoning {
    /// `OpenAI`'s words: none, minimal, low, medium, high, xhigh.
    Effort(String),
    /// At most so many tokens.
    Budget(u64),
    /// As much as the model finds right.
    Adaptive,
    /// Not at all.
    Off,
}

impl Prompt {
    /// Adds to the conversation; what the same side says in a row is one turn.
    pub(crate) fn say(&mut self, role: Role, parts: impl IntoIterator<Item = Part>) {
        let mut parts = parts.into_iter().peekable();
        if parts.peek().is_none() {
            return;
        }
        match self.turns.last_mut() {
            Some(turn) if turn.role == role => turn.parts.extend(parts),
            _ => self.turns.push(Turn { role, parts: parts.collect() }),
        }
    }

    /// The name of the tool that was called with this id.
    pub(crate) fn tool_name(&self, call_id: &str) -> Option<&str> {
        self.turns.iter().flat_map(|turn| &turn.parts).find_map(|part| match part {
            Part::ToolCall { id, name, .. } if id == call_id => Some(name.as_str()),
            _ => None,
        })
    }
}
