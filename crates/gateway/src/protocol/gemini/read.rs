//! Reads what `generateContent` answers; the chunks of a stream have the same shape.

use serde_json::Value;

use crate::chat::{Event, Finish};
use crate::failure::{Class, Failure};
use crate::protocol::{Read, Unfit, count, items, text};
use crate::record::Usage;

/// Reads documents.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// How many tool calls there were.
    tools: usize,
}

impl Decoder {
    pub(in crate::protocol) fn chunk(&mut self, value: &Value) -> Result<Read, Unfit> {
        if value.get("error").is_some() {
            return Err(Unfit::Error);
        }
        if let Some(reason) = value.pointer("/promptFeedback/blockReason").and_then(Value::as_str) {
            let said = value.pointer("/promptFeedback/blockReasonMessage").and_then(Value::as_str);
            let message = format!("the prompt was blocked: {reason} {}", said.unwrap_or_default());
            return Err(Failure::new(Class::ContentRefused, message.trim_end()).into());
        }
        let mut read = Read::default();
        let answer_id = text(value, "responseId").unwrap_or_default();
        for candidate in items(value, "candidates").iter().take(1) {
            let content = candidate.get("content").unwrap_or(&Value::Null);
            for part in items(content, "parts") {
                self.part(part, &answer_id, &mut read.events);
            }
            self.finish(candidate, &mut read)?;
        }
        read.events.extend(usage(value));
        Ok(read)
    }

    fn part(&mut self, part: &Value, answer_id: &str, events: &mut Vec<Event>) {
        let signature = text(part, "thoughtSignature");
        if let Some(call) = part.get("functionCall") {
            let index = self.tools;
            self.tools += 1;
            // Older models give calls no id; callers need one that no other answer has.
            let id = text(call, "id").unwrap_or_else(|| format!("call_{answer_id}_{index}"));
            let name = text(call, "name").unwrap_or_default();
            let json =
                call.get("args").filter(|args| args.is_object()).map_or_else(|| "{}".to_owned(), Value::to_string);
            events.push(Event::ToolStart { index, id, name, signature });
            events.push(Event::ToolArguments { index, json });
            return;
        }
        let is_thought = part.get("thought").and_then(Value::as_bool).unwrap_or(false);
        if let Some(text) = text(part, "text").filter(|text| !text.is_empty()) {
            events.push(if is_thought { Event::Reasoning(text) } else { Event::Text(text) });
        }
        events.extend(signature.map(Event::Signature));
    }

    fn finish(&self, candidate: &Value, read: &mut Read) -> Result<(), Failure> {
        let Some(word) = text(candidate, "finishReason").filter(|word| word != "FINISH_REASON_UNSPECIFIED") else {
            return Ok(());
        };
        let finish = match word.as_str() {
            "STOP" if self.tools > 0 => Finish::ToolCalls,
            "STOP" => Finish::Stop,
            "MAX_TOKENS" => Finish::Length,
            "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "IMAGE_SAFETY" | "LANGUAGE" => {
                Finish::ContentFilter
            }
            "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "OTHER" => {
                let said = text(candidate, "finishMessage").unwrap_or_default();
                return Err(Failure::new(Class::Malformed, format!("the answer ended with {word} {said}").trim_end()));
            }
            _ => Finish::Stop,
        };
        read.events.push(Event::Finish(finish));
        read.finish = Some(word);
        Ok(())
    }
}

/// Thoughts are counted apart from what is said.
fn usage(value: &Value) -> Option<Event> {
    let usage = value.get("usageMetadata")?;
    let thoughts = count(usage, "thoughtsTokenCount");
    Some(Event::Usage(Usage {
        input: count(usage, "promptTokenCount") + count(usage, "toolUsePromptTokenCount"),
        output: count(usage, "candidatesTokenCount") + thoughts,
        cached_input: count(usage, "cachedContentTokenCount"),
        reasoning: thoughts,
        ..Usage::default()
    }))
}
