//! Answers of `POST /v1/completions`.

use serde_json::{Value, json};

use super::{About, frame, openai_usage};
use crate::chat::{Event, Finish, Reply};
use crate::record::Usage;

/// Writes chunks. Only text has a place in them.
#[derive(Debug)]
pub(crate) struct Writer {
    about: About,
    finish: Option<Finish>,
    usage: Option<Usage>,
}

impl Writer {
    pub(crate) fn new(about: About) -> Self {
        Self { about, finish: None, usage: None }
    }

    pub(crate) fn write(&mut self, event: Event, out: &mut String) {
        match event {
            Event::Text(text) => frame(out, &document(&self.about, &json!([choice(&text, None)]))),
            Event::Finish(finish) => self.finish = Some(finish),
            Event::Usage(usage) => self.usage = Some(usage),
            _ => {}
        }
    }

    pub(crate) fn end(&mut self, out: &mut String) {
        let finish = self.finish.unwrap_or(Finish::Stop);
        frame(out, &document(&self.about, &json!([choice("", Some(finish))])));
        if let Some(usage) = self.usage.filter(|_| self.about.wants_usage) {
            let mut last = document(&self.about, &json!([]));
            last["usage"] = openai_usage(usage);
            frame(out, &last);
        }
        out.push_str("data: [DONE]\n\n");
    }
}

fn choice(text: &str, finish: Option<Finish>) -> Value {
    json!({"index": 0, "text": text, "logprobs": null, "finish_reason": finish.map(Finish::openai)})
}

fn document(about: &About, choices: &Value) -> Value {
    json!({
        "id": format!("cmpl-{}", about.id),
        "object": "text_completion",
        "created": about.created_secs,
        "model": about.model,
        "choices": choices,
    })
}

/// The answer as one document.
pub(crate) fn whole(about: &About, reply: &Reply) -> Value {
    let choices = json!([choice(&reply.text, Some(reply.finish.unwrap_or(Finish::Stop)))]);
    let mut answer = document(about, &choices);
    answer["usage"] = openai_usage(reply.usage.unwrap_or_default());
    answer
}
