//! Answers of `POST /v1/chat/completions`.

use serde_json::{Map, Value, json};

use super::{About, frame, openai_usage};
use crate::chat::{Event, Finish, Reply, ToolCall};
use crate::record::Usage;

/// Writes chunks.
#[derive(Debug)]
pub(crate) struct Writer {
    about: About,
    has_begun: bool,
    finish: Option<Finish>,
    usage: Option<Usage>,
}

impl Writer {
    pub(crate) fn new(about: About) -> Self {
        Self { about, has_begun: false, finish: None, usage: None }
    }

    pub(crate) fn write(&mut self, event: Event, out: &mut String) {
        if !self.has_begun {
            self.has_begun = true;
            self.chunk(out, json!({"role": "assistant", "content": ""}), None);
        }
        match event {
            Event::Text(text) => self.chunk(out, json!({"content": text}), None),
            Event::Reasoning(text) => self.chunk(out, json!({"reasoning_content": text}), None),
            Event::ToolStart { index, id, name, signature } => {
                let mut call =
                    json!({"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}});
                seal(&mut call, signature);
                self.chunk(out, json!({"tool_calls": [call]}), None);
            }
            Event::ToolArguments { index, json } => {
                self.chunk(out, json!({"tool_calls": [{"index": index, "function": {"arguments": json}}]}), None);
            }
            Event::Finish(finish) => self.finish = Some(finish),
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Signature(_) => {}
        }
    }

    pub(crate) fn end(&mut self, out: &mut String) {
        self.chunk(out, json!({}), Some(self.finish.unwrap_or(Finish::Stop)));
        if let Some(usage) = self.usage.filter(|_| self.about.wants_usage) {
            let mut document = self.document();
            document.insert("choices".into(), json!([]));
            document.insert("usage".into(), openai_usage(usage));
            frame(out, &Value::Object(document));
        }
        out.push_str("data: [DONE]\n\n");
    }

    fn chunk(&self, out: &mut String, delta: Value, finish: Option<Finish>) {
        let mut document = self.document();
        let choice = json!({"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish.map(Finish::openai)});
        document.insert("choices".into(), json!([choice]));
        frame(out, &Value::Object(document));
    }

    fn document(&self) -> Map<String, Value> {
        heading(&self.about, "chat.completion.chunk")
    }
}

fn heading(about: &About, object: &str) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("id".into(), format!("chatcmpl-{}", about.id).into());
    document.insert("object".into(), object.into());
    document.insert("created".into(), about.created_secs.into());
    document.insert("model".into(), about.model.clone().into());
    document
}

/// Google's place for a seal on a call in an `OpenAI` document.
fn seal(call: &mut Value, signature: Option<String>) {
    if let Some(signature) = signature {
        call["extra_content"] = json!({"google": {"thought_signature": signature}});
    }
}

/// The answer as one document.
pub(crate) fn whole(about: &About, reply: &Reply) -> Value {
    let mut message = Map::new();
    message.insert("role".into(), "assistant".into());
    let has_text = !reply.text.is_empty() || reply.tools.is_empty();
    message.insert("content".into(), if has_text { reply.text.clone().into() } else { Value::Null });
    message.insert("refusal".into(), Value::Null);
    if !reply.reasoning.is_empty() {
        message.insert("reasoning_content".into(), reply.reasoning.clone().into());
    }
    if !reply.tools.is_empty() {
        message.insert("tool_calls".into(), reply.tools.iter().map(tool_call).collect());
    }
    let finish = reply.finish.unwrap_or(Finish::Stop).openai();
    let mut document = heading(about, "chat.completion");
    document
        .insert("choices".into(), json!([{"index": 0, "message": message, "logprobs": null, "finish_reason": finish}]));
    document.insert("usage".into(), openai_usage(reply.usage.unwrap_or_default()));
    Value::Object(document)
}

fn tool_call(tool: &ToolCall) -> Value {
    let mut call =
        json!({"id": tool.id, "type": "function", "function": {"name": tool.name, "arguments": tool.arguments}});
    seal(&mut call, tool.signature.clone());
    call
}
