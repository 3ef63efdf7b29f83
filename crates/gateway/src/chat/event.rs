//! An answer, piece by piece and as a whole.

use crate::record::Usage;

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Text for the caller.
    Text(String),
    /// Thoughts that are shown apart from the text.
    Reasoning(String),
    /// The provider's seal on the thoughts before it, to be sent back with them.
    Signature(String),
    /// A tool call begins.
    ToolStart {
        /// Which call of the answer, from 0.
        index: usize,
        id: String,
        name: String,
        /// The provider's seal on the call, to be sent back with it.
        signature: Option<String>,
    },
    /// A piece of the JSON text of a call's arguments.
    ToolArguments { index: usize, json: String },
    /// Why the answer ends.
    Finish(Finish),
    /// What was used so far.
    Usage(Usage),
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    Stop,
    StopSequence,
    Length,
    ToolCalls,
    ContentFilter,
}

impl Finish {
    /// `OpenAI`'s chat word.
    pub(crate) fn openai(self) -> &'static str {
        match self {
            Self::Stop | Self::StopSequence => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::ContentFilter => "content_filter",
        }
    }

    /// Anthropic's word.
    pub(crate) fn anthropic(self) -> &'static str {
        match self {
            Self::Stop => "end_turn",
            Self::StopSequence => "stop_sequence",
            Self::Length => "max_tokens",
            Self::ToolCalls => "tool_use",
            Self::ContentFilter => "refusal",
        }
    }
}

/// One whole tool call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ToolCall {
    pub(crate) id: String,
    pub(crate) name: String,
    /// JSON text.
    pub(crate) arguments: String,
    pub(crate) signature: Option<String>,
}

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) signature: Option<String>,
    pub(crate) tools: Vec<ToolCall>,
    pub(crate) finish: Option<Finish>,
    pub(crate) usage: Option<Usage>,
}

impl Reply {
    /// Adds a piece.
    pub(crate) fn add(&mut self, event: Event) {
        match event {
            Event::Text(text) => self.text.push_str(&text),
            Event::Reasoning(text) => self.reasoning.push_str(&text),
            Event::Signature(signature) => self.signature = Some(signature),
            Event::ToolStart { index: _, id, name, signature } => {
                self.tools.push(ToolCall { id, name, arguments: String::new(), signature });
            }
            Event::ToolArguments { index, json } => {
                if let Some(tool) = self.tools.get_mut(index) {
                    tool.arguments.push_str(&json);
                }
            }
            Event::Finish(finish) => self.finish = Some(finish),
            Event::Usage(usage) => self.usage = Some(usage),
        }
    }
}

impl FromIterator<Event> for Reply {
    fn from_iter<I: IntoIterator<Item = Event>>(events: I) -> Self {
        let mut reply = Self::default();
        events.into_iter().for_each(|event| reply.add(event));
        reply
    }
}
