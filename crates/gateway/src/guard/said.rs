//! The texts of requests and answers, with who said them, in the shapes of all doors.

use std::borrow::Cow;

use crate::json;
use crate::request::Door;
use crate::safety::Role;

/// A text and who said it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said<'a> {
    pub(crate) role: Role,
    pub(crate) text: Cow<'a, str>,
}

/// Results of tools can hold blocks of their own; nothing that is meant to be read is deeper.
const DEPTH: u8 = 3;

/// What is asked. Inputs of embeddings are asked of nobody.
pub(crate) fn of_request(door: Door, body: &[u8]) -> Vec<Said<'_>> {
    let mut out = Vec::new();
    for member in json::members(body).map_while(Result::ok) {
        let value = &body[member.value];
        match (door, member.key.as_ref()) {
            (Door::Embeddings, _) => break,
            (Door::Completions, "prompt") => content(value, Role::User, DEPTH, &mut out),
            (_, "system" | "instructions") => content(value, Role::System, DEPTH, &mut out),
            (Door::Chat | Door::Messages, "messages") | (Door::Responses, "input") => messages(value, &mut out),
            _ => {}
        }
    }
    out
}

fn messages<'a>(value: &'a [u8], out: &mut Vec<Said<'a>>) {
    if value.first() == Some(&b'"') {
        return content(value, Role::User, DEPTH, out);
    }
    for item in json::elements(value).map_while(Result::ok) {
        let role = match (word(item, "role").as_deref(), word(item, "type").as_deref()) {
            (Some("system" | "developer"), _) => Role::System,
            (Some("assistant"), _) => Role::Assistant,
            (Some("tool" | "function"), _) => Role::Data,
            (None, Some(kind)) if kind.ends_with("_output") => Role::Data,
            _ => Role::User,
        };
        for key in ["content", "output"] {
            if let Some(value) = json::find(item, key) {
                content(value, role, DEPTH, out);
            }
        }
    }
}

/// A text, a block, or a list of these.
fn content<'a>(value: &'a [u8], role: Role, depth: u8, out: &mut Vec<Said<'a>>) {
    match value.first() {
        Some(b'"') => out.extend(json::text(value).map(|text| Said { role, text })),
        Some(b'[') if depth > 0 => {
            for item in json::elements(value).map_while(Result::ok) {
                content(item, role, depth - 1, out);
            }
        }
        Some(b'{') if depth > 0 => match word(value, "type").as_deref() {
            Some("tool_result" | "search_result") => {
                let inner = json::find(value, "content").unwrap_or_default();
                content(inner, Role::Data, depth, out);
            }
            Some("document") => {
                let is_text = json::at(value, &["source", "type"]) == Some(b"\"text\"");
                let data = json::at(value, &["source", "data"]).filter(|_| is_text).unwrap_or_default();
                content(data, Role::Data, depth - 1, out);
            }
            _ => content(json::find(value, "text").unwrap_or_default(), role, 0, out),
        },
        _ => {}
    }
}

fn word<'a>(value: &'a [u8], key: &str) -> Option<Cow<'a, str>> {
    json::find(value, key).and_then(json::text)
}

/// What a whole answer says.
pub(crate) fn of_answer(door: Door, body: &[u8]) -> String {
    let mut out = Vec::new();
    let place = match door {
        Door::Chat | Door::Completions => "choices",
        Door::Responses => "output",
        Door::Messages => "content",
        Door::Embeddings => return String::new(),
    };
    for item in json::elements(json::find(body, place).unwrap_or_default()).map_while(Result::ok) {
        let value = match door {
            Door::Chat => json::at(item, &["message", "content"]),
            Door::Responses => json::find(item, "content"),
            _ => Some(item),
        };
        content(value.unwrap_or_default(), Role::Assistant, DEPTH, &mut out);
    }
    out.iter().map(|said| &*said.text).collect::<Vec<_>>().join("\n")
}

/// What a stream has said, from its frames as they were sent. Of several choices the first is read.
pub(crate) fn of_stream(door: Door, frames: &[u8]) -> String {
    let mut out = String::new();
    for line in frames.split(|b| *b == b'\n') {
        let Some(data) = line.strip_prefix(b"data:") else { continue };
        let data = &data[json::trimmed(data)];
        let delta = match door {
            Door::Chat | Door::Completions => {
                let choices = json::find(data, "choices").unwrap_or_default();
                let first = json::elements(choices).next().and_then(Result::ok).unwrap_or_default();
                json::at(first, &["delta", "content"]).or_else(|| json::find(first, "text"))
            }
            Door::Messages => json::at(data, &["delta", "text"]),
            Door::Responses if word(data, "type").as_deref() == Some("response.output_text.delta") => {
                json::find(data, "delta")
            }
            _ => None,
        };
        if let Some(text) = delta.and_then(json::text) {
            out.push_str(&text);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(door: Door, body: &str) -> Vec<(Role, String)> {
        of_request(door, body.as_bytes()).into_iter().map(|s| (s.role, s.text.into_owned())).collect()
    }

    fn one(role: Role, text: &str) -> (Role, String) {
        (role, text.to_owned())
    }

    #[test]
    fn each_door_says_who_said_what() {
        let chat = r#"{"model":"m","messages":[{"role":"developer","content":"be nice"},{"role":"user","content":[{"type":"text","text":"h\u0069"},{"type":"image_url","image_url":{"url":"data:"}}]},{"role":"assistant","content":null},{"role":"tool","content":"42"}]}"#;
        let expected = [one(Role::System, "be nice"), one(Role::User, "hi"), one(Role::Data, "42")];
        assert_eq!(said(Door::Chat, chat), expected);
        let messages = r#"{"system":[{"type":"text","text":"be nice"}],"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"42"}]},{"type":"document","source":{"type":"text","data":"page"}},{"type":"text","text":"hi"}]}]}"#;
        let expected =
            [one(Role::System, "be nice"), one(Role::Data, "42"), one(Role::Data, "page"), one(Role::User, "hi")];
        assert_eq!(said(Door::Messages, messages), expected);
        let responses = r#"{"instructions":"be nice","input":[{"role":"user","content":[{"type":"input_text","text":"hi"}]},{"type":"function_call_output","output":"42"}]}"#;
        let expected = [one(Role::System, "be nice"), one(Role::User, "hi"), one(Role::Data, "42")];
        assert_eq!(said(Door::Responses, responses), expected);
        assert_eq!(said(Door::Responses, r#"{"input":"hi"}"#), [one(Role::User, "hi")]);
        let prompts = [one(Role::User, "a"), one(Role::User, "b")];
        assert_eq!(said(Door::Completions, r#"{"prompt":["a","b"]}"#), prompts);
        assert_eq!(said(Door::Embeddings, r#"{"input":"hi"}"#), []);
        assert_eq!(said(Door::Chat, r#"{"messages":[{"role":"user","content":[[[[[["x"]]]]]]}"#), []);
    }

    #[test]
    fn answers_are_read_whole_and_from_frames() {
        let chat =
            r#"{"choices":[{"message":{"content":"Hello"}},{"message":{"content":[{"type":"text","text":"you"}]}}]}"#;
        assert_eq!(of_answer(Door::Chat, chat.as_bytes()), "Hello\nyou");
        assert_eq!(of_answer(Door::Completions, br#"{"choices":[{"text":"Hello"}]}"#), "Hello");
        assert_eq!(of_answer(Door::Messages, br#"{"content":[{"type":"text","text":"Hello"}]}"#), "Hello");
        let responses = br#"{"output":[{"type":"message","content":[{"type":"output_text","text":"Hello"}]}]}"#;
        assert_eq!(of_answer(Door::Responses, responses), "Hello");
        let frames = b"data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\r\n\r\ndata:{\"choices\":[{\"delta\":{\"content\":\"lo\"}}]}\n\ndata: [DONE]\n\n";
        assert_eq!(of_stream(Door::Chat, frames), "Hello");
        let frames = b"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n";
        assert_eq!(of_stream(Door::Messages, frames), "Hello");
        let frames = b"data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hello\"}\n\ndata: {\"type\":\"response.output_text.done\",\"text\":\"Hello\"}\n\n";
        assert_eq!(of_stream(Door::Responses, frames), "Hello");
    }
}
