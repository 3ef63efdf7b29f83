//! Answers of `POST /v1/responses`.

use serde_json::{Value, json};

use super::{About, named_frame};
use crate::chat::{Event, Finish, Reply, ToolCall};
use crate::record::Usage;

/// Writes events. Output items follow one another: each is done before the next is added.
#[derive(Debug)]
pub(crate) struct Writer {
    about: About,
    sequence: u64,
    has_begun: bool,
    /// The item that is being written: none, the message, or a call.
    open: Option<Item>,
    output: Vec<Value>,
    reply: Reply,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Message,
    Call(usize),
}

impl Writer {
    pub(crate) fn new(about: About) -> Self {
        Self { about, sequence: 0, has_begun: false, open: None, output: Vec::new(), reply: Reply::default() }
    }

    pub(crate) fn write(&mut self, event: Event, out: &mut String) {
        self.begin(out);
        match &event {
            Event::Text(text) => {
                self.open_message(out);
                let part = json!({"item_id": self.item_id(), "output_index": self.output.len(), "content_index": 0, "delta": text, "logprobs": []});
                self.send("response.output_text.delta", part, out);
            }
            Event::ToolStart { index, id, name, .. } => {
                self.close(out);
                self.open = Some(Item::Call(*index));
                let item = call_item(
                    &self.item_id(),
                    &ToolCall { id: id.clone(), name: name.clone(), ..ToolCall::default() },
                    "in_progress",
                );
                self.send("response.output_item.added", json!({"output_index": self.output.len(), "item": item}), out);
            }
            Event::ToolArguments { json: text, .. } if self.open != Some(Item::Message) => {
                let part = json!({"item_id": self.item_id(), "output_index": self.output.len(), "delta": text});
                self.send("response.function_call_arguments.delta", part, out);
            }
            _ => {}
        }
        self.reply.add(event);
    }

    pub(crate) fn end(&mut self, out: &mut String) {
        self.begin(out);
        self.close(out);
        let response = response(&self.about, &self.output, self.reply.finish, self.reply.usage);
        let name = if is_incomplete(self.reply.finish) { "response.incomplete" } else { "response.completed" };
        self.send(name, json!({"response": response}), out);
    }

    fn begin(&mut self, out: &mut String) {
        if std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        let mut started = response(&self.about, &[], None, None);
        started["status"] = "in_progress".into();
        self.send("response.created", json!({"response": started}), out);
        self.send("response.in_progress", json!({"response": started}), out);
    }

    fn open_message(&mut self, out: &mut String) {
        if self.open == Some(Item::Message) {
            return;
        }
        self.close(out);
        self.open = Some(Item::Message);
        let (id, index) = (self.item_id(), self.output.len());
        let item = json!({"id": id, "type": "message", "role": "assistant", "status": "in_progress", "content": []});
        self.send("response.output_item.added", json!({"output_index": index, "item": item}), out);
        let part = json!({"type": "output_text", "text": "", "annotations": [], "logprobs": []});
        self.send(
            "response.content_part.added",
            json!({"item_id": id, "output_index": index, "content_index": 0, "part": part}),
            out,
        );
    }

    fn close(&mut self, out: &mut String) {
        let (id, index) = (self.item_id(), self.output.len());
        let item = match self.open.take() {
            None => return,
            Some(Item::Message) => {
                let text = std::mem::take(&mut self.reply.text);
                let place = json!({"item_id": id, "output_index": index, "content_index": 0});
                let mut done = place.clone();
                (done["text"], done["logprobs"]) = (text.clone().into(), json!([]));
                self.send("response.output_text.done", done, out);
                let mut part = place;
                part["part"] = json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []});
                self.send("response.content_part.done", part, out);
                message_item(&id, &text)
            }
            Some(Item::Call(call)) => {
                let call = self.reply.tools.get(call).cloned().unwrap_or_default();
                let done =
                    json!({"item_id": id, "output_index": index, "name": call.name, "arguments": call.arguments});
                self.send("response.function_call_arguments.done", done, out);
                call_item(&id, &call, "completed")
            }
        };
        self.send("response.output_item.done", json!({"output_index": index, "item": item}), out);
        self.output.push(item);
    }

    fn item_id(&self) -> String {
        let prefix = if matches!(self.open, Some(Item::Call(_))) { "fc" } else { "msg" };
        format!("{prefix}_{}_{}", self.about.id, self.output.len())
    }

    fn send(&mut self, name: &str, mut document: Value, out: &mut String) {
        document["type"] = name.into();
        document["sequence_number"] = self.sequence.into();
        self.sequence += 1;
        named_frame(out, name, &document);
    }
}

fn is_incomplete(finish: Option<Finish>) -> bool {
    matches!(finish, Some(Finish::Length | Finish::ContentFilter))
}

fn message_item(id: &str, text: &str) -> Value {
    let part = json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []});
    json!({"id": id, "type": "message", "role": "assistant", "status": "completed", "content": [part]})
}

fn call_item(id: &str, call: &ToolCall, status: &str) -> Value {
    json!({"id": id, "type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments, "status": status})
}

fn response(about: &About, output: &[Value], finish: Option<Finish>, usage: Option<Usage>) -> Value {
    let reason = match finish {
        Some(Finish::Length) => Some("max_output_tokens"),
        Some(Finish::ContentFilter) => Some("content_filter"),
        _ => None,
    };
    json!({
        "id": format!("resp_{}", about.id),
        "object": "response",
        "created_at": about.created_secs,
        "model": about.model,
        "status": if is_incomplete(finish) { "incomplete" } else { "completed" },
        "incomplete_details": reason.map(|reason| json!({"reason": reason})),
        "error": null,
        "instructions": null,
        "metadata": {},
        "output": output,
        "parallel_tool_calls": true,
        "tool_choice": "auto",
        "tools": [],
        "usage": usage.map(|usage| json!({
            "input_tokens": usage.input,
            "input_tokens_details": {"cached_tokens": usage.cached_input},
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": usage.reasoning},
            "total_tokens": usage.input + usage.output,
        })),
    })
}

/// The answer as one document.
pub(crate) fn whole(about: &About, reply: &Reply) -> Value {
    let mut output = Vec::new();
    if !reply.text.is_empty() || reply.tools.is_empty() {
        output.push(message_item(&format!("msg_{}_0", about.id), &reply.text));
    }
    for call in &reply.tools {
        let id = format!("fc_{}_{}", about.id, output.len());
        output.push(call_item(&id, call, "completed"));
    }
    response(about, &output, reply.finish, Some(reply.usage.unwrap_or_default()))
}
