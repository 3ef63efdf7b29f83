//! Reads what `/chat` answers.

use serde_json::Value;

use crate::chat::{Event, Finish};
use crate::failure::{Class, Failure};
use crate::protocol::{Read, Unfit, count, items, text};
use crate::record::Usage;

/// Reads events.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// How many tool calls have begun; the last one is the open one.
    tools: usize,
}

impl Decoder {
    pub(in crate::protocol) fn frame(&mut self, value: &Value) -> Result<Read, Unfit> {
        let mut read = Read::default();
        let message = value.pointer("/delta/message").unwrap_or(&Value::Null);
        let content = message.get("content").unwrap_or(&Value::Null);
        let call = message.get("tool_calls").unwrap_or(&Value::Null);
        match value.get("type").and_then(Value::as_str) {
            Some("content-start" | "content-delta") => said(content, &mut read.events),
            Some("tool-plan-delta") => read.events.extend(full(message, "tool_plan").map(Event::Reasoning)),
            Some("tool-call-start") => self.call(call, &mut read.events),
            Some("tool-call-delta") => self.arguments(call, &mut read.events),
            Some("message-end") => {
                let delta = value.get("delta").unwrap_or(&Value::Null);
                finish(delta, &mut read)?;
                read.events.extend(usage(delta));
                read.is_done = true;
            }
            Some(_) => {}
            // Errors inside a stream come without a type.
            None if value.get("message").is_some() => return Err(Unfit::Error),
            None => return Err(Failure::new(Class::Malformed, "an event without a `type`").into()),
        }
        Ok(read)
    }

    fn call(&mut self, call: &Value, events: &mut Vec<Event>) {
        let (index, function) = (self.tools, call.get("function").unwrap_or(&Value::Null));
        self.tools += 1;
        let (id, name) = (text(call, "id").unwrap_or_default(), text(function, "name").unwrap_or_default());
        events.push(Event::ToolStart { index, id, name, signature: None });
        self.arguments(call, events);
    }

    fn arguments(&self, call: &Value, events: &mut Vec<Event>) {
        let index = self.tools.saturating_sub(1);
        let json = call.get("function").and_then(|function| full(function, "arguments"));
        events.extend(json.map(|json| Event::ToolArguments { index, json }));
    }
}

pub(in crate::protocol) fn whole(value: &Value) -> Result<Read, Unfit> {
    let Some(message) = value.get("message").filter(|message| message.is_object()) else {
        // An error's message is a text.
        return Err(if value.get("message").is_some() {
            Unfit::Error
        } else {
            Failure::new(Class::Malformed, "the answer has no `message`").into()
        });
    };
    let (mut read, mut decoder) = (Read::default(), Decoder::default());
    read.events.extend(full(message, "tool_plan").map(Event::Reasoning));
    items(message, "content").iter().for_each(|part| said(part, &mut read.events));
    items(message, "tool_calls").iter().for_each(|call| decoder.call(call, &mut read.events));
    finish(value, &mut read)?;
    read.events.extend(usage(value));
    Ok(read)
}

fn full(value: &Value, key: &str) -> Option<String> {
    text(value, key).filter(|text| !text.is_empty())
}

fn said(content: &Value, events: &mut Vec<Event>) {
    events.extend(full(content, "thinking").map(Event::Reasoning));
    events.extend(full(content, "text").map(Event::Text));
}

fn finish(value: &Value, read: &mut Read) -> Result<(), Failure> {
    let Some(word) = text(value, "finish_reason") else { return Ok(()) };
    let finish = match word.as_str() {
        "STOP_SEQUENCE" => Finish::StopSequence,
        "MAX_TOKENS" => Finish::Length,
        "TOOL_CALL" => Finish::ToolCalls,
        "ERROR" | "TIMEOUT" => {
            let said = text(value, "error").unwrap_or_default();
            return Err(Failure::new(Class::InStream, format!("the answer ended with {word} {said}").trim_end()));
        }
        _ => Finish::Stop,
    };
    read.events.push(Event::Finish(finish));
    read.finish = Some(word);
    Ok(())
}

/// What is billed, or, where that is not said, what was counted.
fn usage(value: &Value) -> Option<Event> {
    let usage = value.get("usage")?;
    let counts = usage.get("billed_units").or_else(|| usage.get("tokens"))?;
    Some(Event::Usage(Usage {
        input: count(counts, "input_tokens"),
        output: count(counts, "output_tokens"),
        cached_input: count(usage, "cached_tokens").min(count(counts, "input_tokens")),
        ..Usage::default()
    }))
}
