//! Answers of `POST /v1/messages`, Anthropic's.

use serde_json::{Value, json};

use super::{About, named_frame};
use crate::chat::{Event, Finish, Reply};
use crate::record::Usage;

/// Which kind of block is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Text,
    Thinking,
    Tool(usize),
}

/// Writes events. Blocks follow one another: each is closed before the next is opened.
#[derive(Debug)]
pub(crate) struct Writer {
    about: About,
    has_begun: bool,
    open: Option<Block>,
    blocks: usize,
    finish: Option<Finish>,
    usage: Usage,
}

impl Writer {
    pub(crate) fn new(about: About) -> Self {
        Self { about, has_begun: false, open: None, blocks: 0, finish: None, usage: Usage::default() }
    }

    pub(crate) fn write(&mut self, event: Event, out: &mut String) {
        if let Event::Usage(usage) = event {
            self.usage = usage;
            return;
        }
        self.begin(out);
        match event {
            Event::Text(text) => {
                self.open(Block::Text, &json!({"type": "text", "text": ""}), out);
                self.delta(&json!({"type": "text_delta", "text": text}), out);
            }
            Event::Reasoning(text) => {
                self.open(Block::Thinking, &json!({"type": "thinking", "thinking": "", "signature": ""}), out);
                self.delta(&json!({"type": "thinking_delta", "thinking": text}), out);
            }
            Event::Signature(signature) if self.open == Some(Block::Thinking) => {
                self.delta(&json!({"type": "signature_delta", "signature": signature}), out);
            }
            Event::ToolStart { index, id, name, .. } => {
                self.open(Block::Tool(index), &json!({"type": "tool_use", "id": id, "name": name, "input": {}}), out);
            }
            Event::ToolArguments { index, json } if self.open == Some(Block::Tool(index)) => {
                self.delta(&json!({"type": "input_json_delta", "partial_json": json}), out);
            }
            Event::Finish(finish) => self.finish = Some(finish),
            _ => {}
        }
    }

    pub(crate) fn end(&mut self, out: &mut String) {
        self.begin(out);
        self.close(out);
        let reason = self.finish.unwrap_or(Finish::Stop).anthropic();
        let delta = json!({"stop_reason": reason, "stop_sequence": null});
        named_frame(
            out,
            "message_delta",
            &json!({"type": "message_delta", "delta": delta, "usage": anthropic_usage(self.usage)}),
        );
        named_frame(out, "message_stop", &json!({"type": "message_stop"}));
    }

    fn begin(&mut self, out: &mut String) {
        if !std::mem::replace(&mut self.has_begun, true) {
            let message = message(&self.about, &json!([]), None, Usage { output: 0, ..self.usage });
            named_frame(out, "message_start", &json!({"type": "message_start", "message": message}));
        }
    }

    fn open(&mut self, block: Block, content: &Value, out: &mut String) {
        if self.open == Some(block) {
            return;
        }
        self.close(out);
        self.open = Some(block);
        let start = json!({"type": "content_block_start", "index": self.blocks, "content_block": content});
        named_frame(out, "content_block_start", &start);
    }

    fn delta(&self, delta: &Value, out: &mut String) {
        let document = json!({"type": "content_block_delta", "index": self.blocks, "delta": delta});
        named_frame(out, "content_block_delta", &document);
    }

    fn close(&mut self, out: &mut String) {
        if self.open.take().is_some() {
            named_frame(out, "content_block_stop", &json!({"type": "content_block_stop", "index": self.blocks}));
            self.blocks += 1;
        }
    }
}

fn message(about: &About, content: &Value, finish: Option<Finish>, usage: Usage) -> Value {
    json!({
        "id": format!("msg_{}", about.id),
        "type": "message",
        "role": "assistant",
        "model": about.model,
        "content": content,
        "stop_reason": finish.map(Finish::anthropic),
        "stop_sequence": null,
        "usage": anthropic_usage(usage),
    })
}

/// Anthropic counts what comes from and goes to its cache apart.
fn anthropic_usage(usage: Usage) -> Value {
    json!({
        "input_tokens": usage.input.saturating_sub(usage.cached_input + usage.cache_write),
        "output_tokens": usage.output,
        "cache_read_input_tokens": usage.cached_input,
        "cache_creation_input_tokens": usage.cache_write,
    })
}

/// The answer as one document.
pub(crate) fn whole(about: &About, reply: &Reply) -> Value {
    let mut content = Vec::new();
    if !reply.reasoning.is_empty() {
        let signature = reply.signature.clone().unwrap_or_default();
        content.push(json!({"type": "thinking", "thinking": reply.reasoning, "signature": signature}));
    }
    if !reply.text.is_empty() {
        content.push(json!({"type": "text", "text": reply.text}));
    }
    for tool in &reply.tools {
        let input = serde_json::from_str(&tool.arguments).unwrap_or_else(|_| json!({}));
        content.push(json!({"type": "tool_use", "id": tool.id, "name": tool.name, "input": Value::clone(&input)}));
    }
    let finish = Some(reply.finish.unwrap_or(Finish::Stop));
    message(about, &Value::Array(content), finish, reply.usage.unwrap_or_default())
}
