//! Requests, read into the words of [`crate::chat`].

mod chat;
mod messages;
mod responses;

use crate::chat::{Part, Prompt, Role};
use crate::json::Doc;
use crate::request::Door;

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{param}`: {message}")]
pub(crate) struct BadPrompt {
    /// The member that is at fault.
    pub(crate) param: &'static str,
    /// What is wrong and what would be right.
    pub(crate) message: String,
}

pub(crate) fn bad(param: &'static str, message: impl Into<String>) -> BadPrompt {
    BadPrompt { param, message: message.into() }
}

/// Reads the body of a chat-like request.
pub(crate) fn read(door: Door, body: &[u8]) -> Result<Prompt, BadPrompt> {
    let document = Doc::checked(body).map_err(|error| bad("body", format!("not valid JSON: {error}")))?;
    let prompt = match door {
        Door::Chat => chat::read(document),
        Door::Completions => completions(document),
        Door::Messages => messages::read(document),
        Door::Responses => responses::read(document),
        Door::Embeddings => Err(bad("input", "embeddings are not a conversation")),
    }?;
    if prompt.turns.is_empty() {
        return Err(bad("messages", "there is nothing to answer"));
    }
    Ok(prompt)
}

/// `prompt` is one text; it is what the user says.
fn completions(document: Doc<'_>) -> Result<Prompt, BadPrompt> {
    let asked = document.get("prompt").ok_or_else(|| bad("prompt", "is missing"))?;
    let text = match asked.text() {
        Some(text) => text,
        None if asked.is_array() && asked.items().count() == 1 => asked
            .items()
            .next()
            .and_then(Doc::text)
            .ok_or_else(|| bad("prompt", "must be text; tokens cannot be translated"))?,
        None => return Err(bad("prompt", "must be one text; this model takes no list of prompts")),
    };
    let mut prompt = wishes(document);
    prompt.max_tokens = document.get("max_tokens").and_then(Doc::whole_number);
    prompt.say(Role::User, [Part::Text(text)]);
    Ok(prompt)
}

/// What all doors call the same.
fn wishes(document: Doc<'_>) -> Prompt {
    let number = |key: &str| document.get(key).and_then(Doc::number);
    #[expect(clippy::cast_possible_truncation, reason = "seeds are whole numbers")]
    let seed = number("seed").map(|seed| seed as i64);
    Prompt {
        temperature: number("temperature"),
        top_p: number("top_p"),
        top_k: document.get("top_k").and_then(Doc::whole_number),
        presence_penalty: number("presence_penalty"),
        frequency_penalty: number("frequency_penalty"),
        seed,
        stop: texts(document.get("stop").or_else(|| document.get("stop_sequences"))),
        stream: document.get("stream").and_then(Doc::truth).unwrap_or(false),
        parallel_tools: document.get("parallel_tool_calls").and_then(Doc::truth),
        user: document.text_of("user").or_else(|| document.get("metadata")?.text_of("user_id")),
        ..Prompt::default()
    }
}

/// One text or a list of them.
fn texts(value: Option<Doc<'_>>) -> Vec<String> {
    let Some(value) = value else { return Vec::new() };
    value.text().map_or_else(|| value.items().filter_map(Doc::text).collect(), |text| vec![text])
}

/// An image by its address: `data:image/png;base64,…` carries it, anything else points to it.
fn image(url: String) -> Part {
    match url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
        Some((media_type, data)) => Part::Image { media_type: media_type.to_owned(), data: data.to_owned() },
        None => Part::ImageUrl(url),
    }
}
