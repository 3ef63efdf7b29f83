//! Providers' own protocols: what is sent to them and what callers of other protocols get, against fakes written from the providers'
//! documentation.

use gateway::Outcome::{Failed, Incomplete, Succeeded};
use gateway::settings::{Kind, Provider, Settings};
use serde_json::{Value, json};

use crate::fake::{Act, Fake, Step};
use crate::world::{Outcome, World, settings};

/// One route `r` over one provider of a kind; its model is `m-0`.
pub(crate) fn over(fake: &Fake, kind: Kind) -> World {
    let provider = Provider {
        base_url: Some(fake.base_url()),
        api_key: Some(gateway::settings::Secret::new("secret")),
        ..Provider::new("p0", kind)
    };
    World::new(Settings { providers: vec![provider], ..settings(&[fake], |_| {}) })
}

/// What a caller of `/v1/chat/completions` can say, much of it at once.
pub(crate) fn rich(stream: bool) -> String {
    json!({
        "model": "r",
        "stream": stream,
        "stream_options": {"include_usage": true},
        "max_tokens": 50,
        "temperature": 0.5,
        "stop": ["END"],
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            ]},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{\"deep\":true}"}},
            ]},
            {"role": "tool", "tool_call_id": "call_1", "content": "a cat"},
        ],
        "tools": [{"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {"deep": {"type": "boolean"}}}}}],
        "tool_choice": "required",
    })
    .to_string()
}

/// The schema's members are in an order that sorting would change.
pub(crate) fn with_schema() -> String {
    let text = r#"{"model":"r","max_tokens":50,"messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":SCHEMA}}}"#;
    text.replace("SCHEMA", SCHEMA)
}

pub(crate) const SCHEMA: &str = r#"{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"string"}}}"#;

/// The frames of an `OpenAI` stream as documents.
pub(crate) fn chunks(body: &str) -> Vec<Value> {
    assert!(body.ends_with("data: [DONE]\n\n"), "{body}");
    let frames = body.split("\n\n").filter_map(|frame| frame.strip_prefix("data: "));
    frames.filter(|data| *data != "[DONE]").map(|data| serde_json::from_str(data).unwrap()).collect()
}

/// What the chunks of an `OpenAI` stream add up to: text, names and arguments of calls, the reason of the end, and tokens.
pub(crate) fn told(body: &str) -> (String, String, String, (u64, u64)) {
    let (mut text, mut calls, mut finish, mut usage) = (String::new(), String::new(), String::new(), (0, 0));
    for chunk in chunks(body) {
        let choice = &chunk["choices"][0];
        text.push_str(choice["delta"]["content"].as_str().unwrap_or_default());
        let call = &choice["delta"]["tool_calls"][0]["function"];
        calls.push_str(call["name"].as_str().unwrap_or_default());
        calls.push_str(call["arguments"].as_str().unwrap_or_default());
        finish.push_str(choice["finish_reason"].as_str().unwrap_or_default());
        if let Some(used) = chunk.get("usage").filter(|used| used.is_object()) {
            usage = (used["prompt_tokens"].as_u64().unwrap(), used["completion_tokens"].as_u64().unwrap());
        }
    }
    (text, calls, finish, usage)
}

/// Frames of a stream with names, as Anthropic and Cohere send them.
pub(crate) fn events(documents: &[Value]) -> Act {
    let frames = documents.iter().map(|document| {
        let name = document["type"].as_str().unwrap_or_default();
        Step::Send(format!("event: {name}\ndata: {document}\n\n"))
    });
    Act::Stream(frames.collect())
}

/// Frames without names, as Google sends them.
pub(crate) fn data(documents: &[Value]) -> Act {
    Act::Stream(documents.iter().map(|document| Step::Send(format!("data: {document}\r\n\r\n"))).collect())
}

/// One row of the failure table for a provider of a kind: status, body, class, status for the caller, code for the caller.
pub(crate) async fn refused(kind: Kind, rows: &[(u16, Value, &str, u16, &str)]) {
    for (status, body, class, to_caller, code) in rows {
        for stream in [false, true] {
            let fake = Fake::doing([Act::json(*status, body.to_string())]).await;
            let mut world = over(&fake, kind);
            let outcome = world.call(&crate::world::ask(stream)).await;
            assert_eq!(outcome.attempts(), [format!("p0 {class}")], "{body}");
            assert_eq!((outcome.status, outcome.code().as_str()), (*to_caller, *code), "{}", outcome.body);
            assert_eq!(outcome.record.outcome, Failed);
        }
    }
}

/// Streams that end too early say so, whoever they come from.
pub(crate) async fn cut_short(kind: Kind, begun: Act) {
    for (act, class) in
        [(begun.clone(), "cut"), (begun.clone().then(Step::Cut), "reset"), (begun.then(Step::Stall), "silence")]
    {
        let fake = Fake::doing([act]).await;
        let outcome = over(&fake, kind).call(&crate::world::ask(true)).await;
        assert_eq!(
            (outcome.record.outcome, outcome.attempts()),
            (Incomplete, vec![format!("p0 {class}")]),
            "{}",
            outcome.body
        );
        assert!(outcome.body.contains("stream_incomplete") && !outcome.body.contains("[DONE]"), "{}", outcome.body);
    }
    let fake = Fake::doing([Act::Stream(Vec::new())]).await;
    let outcome = over(&fake, kind).call(&crate::world::ask(true)).await;
    assert_eq!((outcome.status, outcome.attempts()), (502, vec!["p0 empty".to_owned()]));
}

/// That a call succeeded, and what was recorded of it.
pub(crate) fn recorded(outcome: &Outcome, finish: &str, tokens: (u64, u64)) {
    let record = &outcome.record;
    assert_eq!((record.outcome, outcome.status), (Succeeded, 200), "{}", outcome.body);
    assert_eq!(record.finish.as_deref(), Some(finish));
    assert_eq!((record.usage.input, record.usage.output, record.usage.is_estimated), (tokens.0, tokens.1, false));
}
