//! Reads what `/messages` answers.

use serde_json::Value;

use crate::chat::{Event, Finish};
use crate::failure::{Class, Failure};
use crate::protocol::{Read, Unfit, count, text};
use crate::record::Usage;

/// Reads events.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// How many tool calls have begun; the last one is the open one.
    tools: usize,
    usage: Usage,
}

impl Decoder {
    pub(in crate::protocol) fn frame(&mut self, value: &Value) -> Result<Read, Unfit> {
        let mut read = Read::default();
        let delta = value.get("delta").unwrap_or(&Value::Null);
        match value.get("type").and_then(Value::as_str) {
            Some("error") => return Err(Unfit::Error),
            Some("message_start") => {
                let usage = value.pointer("/message/usage").unwrap_or(&Value::Null);
                read.events.push(self.used(usage));
            }
            Some("content_block_start") => {
                let block = value.get("content_block").unwrap_or(&Value::Null);
                self.block(block, &mut read.events);
            }
            Some("content_block_delta") => self.delta(delta, &mut read.events),
            Some("message_delta") => {
                if let Some(usage) = value.get("usage") {
                    read.events.push(self.used(usage));
                }
                finish(delta, &mut read);
            }
            Some("message_stop") => read.is_done = true,
            Some(_) => {}
            None => return Err(Failure::new(Class::Malformed, "an event without a `type`").into()),
        }
        Ok(read)
    }

    fn block(&mut self, block: &Value, events: &mut Vec<Event>) {
        match block.get("type").and_then(Value::as_str) {
            Some("tool_use") => {
                let (id, name) = (text(block, "id").unwrap_or_default(), text(block, "name").unwrap_or_default());
                events.push(Event::ToolStart { index: self.tools, id, name, signature: None });
                self.tools += 1;
            }
            Some("text") => events.extend(full(block, "text").map(Event::Text)),
            Some("thinking") => events.extend(full(block, "thinking").map(Event::Reasoning)),
            _ => {}
        }
    }

    fn delta(&mut self, delta: &Value, events: &mut Vec<Event>) {
        match delta.get("type").and_then(Value::as_str) {
            Some("text_delta") => events.extend(full(delta, "text").map(Event::Text)),
            Some("thinking_delta") => events.extend(full(delta, "thinking").map(Event::Reasoning)),
            Some("signature_delta") => events.extend(full(delta, "signature").map(Event::Signature)),
            Some("input_json_delta") => {
                let index = self.tools.saturating_sub(1);
                events.extend(full(delta, "partial_json").map(|json| Event::ToolArguments { index, json }));
            }
            _ => {}
        }
    }

    /// Counts are cumulative, and some events repeat only a part of them.
    fn used(&mut self, value: &Value) -> Event {
        let now = usage(value);
        let before = self.usage;
        self.usage = if now.input == 0 { Usage { output: now.output, ..before } } else { now };
        Event::Usage(self.usage)
    }
}

pub(in crate::protocol) fn whole(value: &Value) -> Result<Read, Unfit> {
    if value.get("type").is_some_and(|kind| kind == "error") || value.get("error").is_some() {
        return Err(Unfit::Error);
    }
    let Some(content) = value.get("content").and_then(Value::as_array) else {
        return Err(Failure::new(Class::Malformed, "the answer has no `content`").into());
    };
    let (mut read, mut decoder) = (Read::default(), Decoder::default());
    for block in content {
        decoder.block(block, &mut read.events);
        read.events.extend(full(block, "signature").map(Event::Signature));
        if let Some(input) = block.get("input").filter(|_| block["type"] == "tool_use") {
            let index = decoder.tools.saturating_sub(1);
            read.events.push(Event::ToolArguments { index, json: input.to_string() });
        }
    }
    finish(value, &mut read);
    if let Some(said) = value.get("usage") {
        read.events.push(Event::Usage(usage(said)));
    }
    Ok(read)
}

fn full(value: &Value, key: &str) -> Option<String> {
    text(value, key).filter(|text| !text.is_empty())
}

fn finish(value: &Value, read: &mut Read) {
    let Some(word) = text(value, "stop_reason") else { return };
    let finish = match word.as_str() {
        "stop_sequence" => Finish::StopSequence,
        "max_tokens" | "model_context_window_exceeded" => Finish::Length,
        "tool_use" => Finish::ToolCalls,
        "refusal" => Finish::ContentFilter,
        _ => Finish::Stop,
    };
    read.events.push(Event::Finish(finish));
    read.finish = Some(word);
}

/// What comes from and goes to the cache is counted apart.
fn usage(value: &Value) -> Usage {
    let (read, written) = (count(value, "cache_read_input_tokens"), count(value, "cache_creation_input_tokens"));
    Usage {
        input: count(value, "input_tokens") + read + written,
        output: count(value, "output_tokens"),
        cached_input: read,
        cache_write: written,
        ..Usage::default()
    }
}
