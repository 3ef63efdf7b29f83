//! What is seen of an answer on its way: whether it says something, ends, fails, and what it used.

use std::borrow::Cow;

use crate::failure::{Class, Failure};
use crate::json;
use crate::record::Usage;
use crate::request::Door;

/// What has been seen of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Something was said that a caller can use.
    pub(crate) has_begun: bool,
    /// The reason why the answer ends was given.
    pub(crate) is_finished: bool,
    /// The stream said that it is over.
    pub(crate) is_done: bool,
    /// Why the answer ended, in the provider's word.
    pub(crate) finish: Option<String>,
    /// What the provider said that it used.
    pub(crate) usage: Option<Usage>,
    /// Length of the text that was said, as it stood in the document.
    pub(crate) text_bytes: u64,
    /// Frames with data.
    pub(crate) frames: u64,
}

/// What one frame is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// It says what was used and nothing else.
    pub(crate) is_usage_only: bool,
}

/// Looks at one frame's data.
pub(crate) fn look_at_frame(door: Door, data: &[u8], seen: &mut Seen) -> Result<Look, Failure> {
    seen.frames += 1;
    if data == b"[DONE]" {
        seen.is_done = true;
        return Ok(Look::default());
    }
    match door {
        Door::Messages => messages_frame(data, seen),
        Door::Responses => responses_frame(data, seen),
        Door::Chat | Door::Completions | Door::Embeddings => chat_frame(data, seen),
    }
}

/// Looks at a whole, unstreamed answer.
pub(crate) fn look_at_whole(door: Door, body: &[u8], seen: &mut Seen) -> Result<(), Failure> {
    let mut answer: Option<&[u8]> = None;
    let place = match door {
        Door::Chat | Door::Completions => "choices",
        Door::Embeddings => "data",
        Door::Responses => "output",
        Door::Messages => "content",
    };
    for member in json::members(body) {
        let member = member.map_err(malformed)?;
        let value = &body[member.value];
        match member.key.as_ref() {
            "error" if !json::is_null(value) => return Err(Failure::in_stream(body)),
            "usage" => seen.usage = usage(value).or(seen.usage),
            "stop_reason" | "status" => seen.finish = json::text(value).map(Cow::into_owned),
            key if key == place => answer = Some(value),
            _ => {}
        }
    }
    let Some(answer) = answer.filter(|value| value.first() == Some(&b'[')) else {
        return Err(Failure::new(Class::Malformed, format!("the answer has no `{place}`")));
    };
    // An empty `content` with a stop reason is a whole answer of Anthropic's; nothing else may be empty.
    if json::is_empty(answer) && !(door == Door::Messages && seen.finish.is_some()) {
        return Err(Failure::new(Class::Empty, format!("`{place}` is empty")));
    }
    if matches!(door, Door::Chat | Door::Completions) {
        for choice in json::elements(answer) {
            choice_seen(choice.map_err(malformed)?, seen)?;
        }
    } else if seen.usage.is_none() && door != Door::Embeddings {
        seen.text_bytes = answer.len() as u64;
    }
    (seen.has_begun, seen.is_finished, seen.is_done) = (true, true, true);
    Ok(())
}

fn malformed(error: json::Malformed) -> Failure {
    Failure::new(Class::Malformed, error.to_string())
}

/// A chunk of `OpenAI`'s chat or completions.
fn chat_frame(data: &[u8], seen: &mut Seen) -> Result<Look, Failure> {
    let mut has_choices = false;
    let mut has_usage = false;
    for member in json::members(data) {
        let member = member.map_err(malformed)?;
        let value = &data[member.value];
        match member.key.as_ref() {
            "choices" => {
                for choice in json::elements(value) {
                    has_choices = true;
                    choice_seen(choice.map_err(malformed)?, seen)?;
                }
            }
            "usage" => {
                if let Some(usage) = usage(value) {
                    seen.usage = Some(usage);
                    has_usage = true;
                }
            }
            "error" if !json::is_null(value) => return Err(Failure::in_stream(data)),
            _ => {}
        }
    }
    Ok(Look { is_usage_only: has_usage && !has_choices })
}

fn choice_seen(choice: &[u8], seen: &mut Seen) -> Result<(), Failure> {
    for member in json::members(choice) {
        let member = member.map_err(malformed)?;
        let value = &choice[member.value];
        match member.key.as_ref() {
            "delta" | "message" if value.first() == Some(&b'{') => delta_seen(value, seen)?,
            "text" => said(value, seen),
            "finish_reason" if !json::is_empty(value) => {
                seen.finish = json::text(value).map(Cow::into_owned);
                (seen.is_finished, seen.has_begun) = (true, true);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whatever a delta has beside the role is something said: text, a refusal, a tool call, reasoning, audio.
fn delta_seen(delta: &[u8], seen: &mut Seen) -> Result<(), Failure> {
    for member in json::members(delta) {
        let member = member.map_err(malformed)?;
        if member.key != "role" {
            said(&delta[member.value], seen);
        }
    }
    Ok(())
}

fn said(value: &[u8], seen: &mut Seen) {
    if !json::is_empty(value) {
        seen.has_begun = true;
        seen.text_bytes += value.len().saturating_sub(2) as u64;
    }
}

/// An event of Anthropic's.
fn messages_frame(data: &[u8], seen: &mut Seen) -> Result<Look, Failure> {
    let kind = kind_of(data)?;
    match kind.as_ref() {
        "error" => return Err(Failure::in_stream(data)),
        "message_start" => seen.usage = json::at(data, &["message", "usage"]).and_then(usage),
        "content_block_start" => {
            let block = json::find(data, "content_block").unwrap_or_default();
            let is_tool = json::find(block, "type").is_some_and(|kind| kind != b"\"text\"" && kind != b"\"thinking\"");
            seen.has_begun |= is_tool;
        }
        "content_block_delta" => {
            let delta = json::find(data, "delta").unwrap_or_default();
            ["text", "partial_json", "thinking"]
                .iter()
                .filter_map(|key| json::find(delta, key))
                .for_each(|v| said(v, seen));
        }
        "message_delta" => {
            if let Some(reason) = json::at(data, &["delta", "stop_reason"]).and_then(json::text) {
                seen.finish = Some(reason.into_owned());
                (seen.is_finished, seen.has_begun) = (true, true);
            }
            // Counts are cumulative, and older versions only repeat the output.
            if let Some(last) = json::find(data, "usage").and_then(usage) {
                let first = seen.usage.unwrap_or_default();
                seen.usage = Some(if last.input == 0 { Usage { output: last.output, ..first } } else { last });
            }
        }
        "message_stop" => seen.is_done = true,
        _ => {}
    }
    Ok(Look::default())
}

/// An event of `OpenAI`'s responses.
fn responses_frame(data: &[u8], seen: &mut Seen) -> Result<Look, Failure> {
    let kind = kind_of(data)?;
    match kind.as_ref() {
        "error" => return Err(Failure::in_stream(data)),
        "response.failed" => return Err(Failure::in_stream(json::find(data, "response").unwrap_or(data))),
        "response.completed" | "response.incomplete" => {
            let response = json::find(data, "response").unwrap_or_default();
            seen.usage = json::find(response, "usage").and_then(usage);
            seen.finish = json::find(response, "status").and_then(json::text).map(Cow::into_owned);
            (seen.is_finished, seen.has_begun, seen.is_done) = (true, true, true);
        }
        kind if kind.ends_with(".delta") => said(json::find(data, "delta").unwrap_or_default(), seen),
        _ => {}
    }
    Ok(Look::default())
}

fn kind_of(data: &[u8]) -> Result<Cow<'_, str>, Failure> {
    let mut kind = None;
    for member in json::members(data) {
        let member = member.map_err(malformed)?;
        if member.key == "type" {
            kind = json::text(&data[member.value]);
        }
    }
    kind.ok_or_else(|| Failure::new(Class::Malformed, "an event without a `type`"))
}

/// Reads what `OpenAI`, Anthropic and those who are compatible with them call usage.
fn usage(value: &[u8]) -> Option<Usage> {
    if value.first() != Some(&b'{') {
        return None;
    }
    let (mut usage, mut exclusive) = (Usage::default(), 0);
    for member in json::members(value) {
        let member = member.ok()?;
        let value = &value[member.value];
        let number = json::number(value).unwrap_or(0);
        match member.key.as_ref() {
            "prompt_tokens" | "input_tokens" => usage.input = number,
            "completion_tokens" | "output_tokens" => usage.output = number,
            "prompt_tokens_details" | "input_tokens_details" => {
                usage.cached_input = json::find(value, "cached_tokens").and_then(json::number).unwrap_or(0);
            }
            "completion_tokens_details" | "output_tokens_details" => {
                usage.reasoning = json::find(value, "reasoning_tokens").and_then(json::number).unwrap_or(0);
            }
            // Anthropic's input does not include these two.
            "cache_read_input_tokens" => {
                usage.cached_input = number;
                exclusive += number;
            }
            "cache_creation_input_tokens" => {
                usage.cache_write = number;
                exclusive += number;
            }
            _ => {}
        }
    }
    usage.input += exclusive;
    Some(usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_of_each_dialect() {
        let openai = usage(br#"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}"#);
        assert_eq!(openai, Some(Usage { input: 10, output: 5, cached_input: 4, reasoning: 2, ..Usage::default() }));
        let anthropic = usage(
            br#"{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":7,"output_tokens":5}"#,
        );
        assert_eq!(
            anthropic,
            Some(Usage { input: 20, output: 5, cached_input: 7, cache_write: 3, ..Usage::default() })
        );
        assert_eq!(usage(b"null"), None);
    }

    #[test]
    fn a_success_without_an_answer_is_a_failure() {
        let class = |door, body: &str| look_at_whole(door, body.as_bytes(), &mut Seen::default()).map_err(|f| f.class);
        assert_eq!(class(Door::Chat, r#"{"choices":[]}"#), Err(Class::Empty));
        assert_eq!(class(Door::Chat, r#"{"choices":[{"message":{"role":"assistant","content":"x"}}]}"#), Ok(()));
        assert_eq!(class(Door::Chat, r#"{"choices":[{"message":{"role""#), Err(Class::Malformed));
        assert_eq!(class(Door::Chat, r#"{"ok":true}"#), Err(Class::Malformed));
        assert_eq!(class(Door::Chat, r#"{"error":{"message":"x","code":429}}"#), Err(Class::RateLimited));
        assert_eq!(class(Door::Messages, r#"{"content":[],"stop_reason":"end_turn"}"#), Ok(()));
        assert_eq!(class(Door::Embeddings, r#"{"data":[]}"#), Err(Class::Empty));
        assert_eq!(class(Door::Responses, r#"{"output":[{}],"error":null,"status":"completed"}"#), Ok(()));
    }

    #[test]
    fn anthropic_streams() {
        let mut seen = Seen::default();
        let frames = [
            r#"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":12,"output_tokens":1}}}"#,
            r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            r#"{"type":"ping"}"#,
        ];
        for frame in frames {
            look_at_frame(Door::Messages, frame.as_bytes(), &mut seen).unwrap();
        }
        assert!(!seen.has_begun);
        for frame in [
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
            r#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}"#,
            r#"{"type":"message_stop"}"#,
        ] {
            look_at_frame(Door::Messages, frame.as_bytes(), &mut seen).unwrap();
        }
        assert!(seen.has_begun && seen.is_finished && seen.is_done);
        assert_eq!(seen.usage.map(|u| (u.input, u.output)), Some((12, 9)));
    }
}
