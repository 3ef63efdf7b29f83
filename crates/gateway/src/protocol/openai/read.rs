//! Reads what `/chat/completions` answers.

use serde_json::Value;

use crate::chat::{Event, Finish};
use crate::failure::{Class, Failure};
use crate::protocol::{Read, Unfit, count, items, text};
use crate::record::Usage;

/// Reads chunks.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// How many tool calls have begun.
    tools: usize,
}

impl Decoder {
    pub(in crate::protocol) fn frame(&mut self, value: &Value) -> Result<Read, Unfit> {
        if value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(Unfit::Error);
        }
        let mut read = Read::default();
        for choice in items(value, "choices").iter().take(1) {
            if let Some(delta) = choice.get("delta") {
                self.said(delta, &mut read.events);
            }
            finish(choice, &mut read);
        }
        read.events.extend(usage(value));
        Ok(read)
    }

    fn said(&mut self, message: &Value, events: &mut Vec<Event>) {
        let full = |key: &str| text(message, key).filter(|text| !text.is_empty());
        events.extend(full("reasoning_content").or_else(|| full("reasoning")).map(Event::Reasoning));
        events.extend(full("content").or_else(|| full("refusal")).map(Event::Text));
        for (place, call) in items(message, "tool_calls").iter().enumerate() {
            let index =
                call.get("index").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(place);
            let function = call.get("function").unwrap_or(&Value::Null);
            if index >= self.tools {
                self.tools = index + 1;
                let (id, name) = (text(call, "id").unwrap_or_default(), text(function, "name").unwrap_or_default());
                events.push(Event::ToolStart { index, id, name, signature: None });
            }
            if let Some(json) = text(function, "arguments").filter(|json| !json.is_empty()) {
                events.push(Event::ToolArguments { index, json });
            }
        }
    }
}

pub(in crate::protocol) fn whole(value: &Value) -> Result<Read, Unfit> {
    if value.get("error").is_some_and(|error| !error.is_null()) {
        return Err(Unfit::Error);
    }
    let mut read = Read::default();
    let Some(choices) = value.get("choices").and_then(Value::as_array) else {
        return Err(Failure::new(Class::Malformed, "the answer has no `choices`").into());
    };
    for choice in choices.iter().take(1) {
        if let Some(message) = choice.get("message") {
            Decoder::default().said(message, &mut read.events);
        }
        finish(choice, &mut read);
    }
    read.events.extend(usage(value));
    Ok(read)
}

fn finish(choice: &Value, read: &mut Read) {
    let Some(word) = text(choice, "finish_reason") else { return };
    let finish = match word.as_str() {
        "length" => Finish::Length,
        "tool_calls" | "function_call" => Finish::ToolCalls,
        "content_filter" => Finish::ContentFilter,
        _ => Finish::Stop,
    };
    read.events.push(Event::Finish(finish));
    read.finish = Some(word);
}

fn usage(value: &Value) -> Option<Event> {
    let usage = value.get("usage").filter(|usage| usage.is_object())?;
    let inside = |key: &str, part: &str| usage.get(key).map_or(0, |details| count(details, part));
    Some(Event::Usage(Usage {
        input: count(usage, "prompt_tokens"),
        output: count(usage, "completion_tokens"),
        cached_input: inside("prompt_tokens_details", "cached_tokens"),
        reasoning: inside("completion_tokens_details", "reasoning_tokens"),
        ..Usage::default()
    }))
}
