//! Callers of `OpenAI`'s doors and a provider with Cohere's v2 chat.

use gateway::settings::Kind;
use serde_json::{Value, json};

use crate::fake::{Act, Fake};
use crate::protocols::{SCHEMA, cut_short, events, over, recorded, refused, rich, told, with_schema};
use crate::world::ask;

fn usage() -> Value {
    json!({"billed_units": {"input_tokens": 11, "output_tokens": 3}, "tokens": {"input_tokens": 71, "output_tokens": 4}})
}

fn answer(message: Value, finish: &str) -> Act {
    Act::json(200, json!({"id": "c_1", "finish_reason": finish, "message": message, "usage": usage()}).to_string())
}

fn said(text: &str) -> Value {
    json!({"role": "assistant", "content": [{"type": "text", "text": text}]})
}

fn start() -> Value {
    json!({"type": "message-start", "id": "c_1", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}})
}

fn text(text: &str) -> Value {
    json!({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": text}}}})
}

fn end(finish: &str) -> Value {
    json!({"type": "message-end", "delta": {"finish_reason": finish, "usage": usage()}})
}

#[tokio::test]
async fn a_chat_request_is_written_in_cohere_s_words() {
    let fake = Fake::doing([answer(said("A cat."), "COMPLETE")]).await;
    let outcome = over(&fake, Kind::Cohere).call(&rich(false)).await;
    recorded(&outcome, "COMPLETE", (11, 3));
    assert_eq!(outcome.json()["choices"][0]["message"]["content"], "A cat.");
    let got = fake.got().remove(0);
    assert!(got.head.starts_with("POST /v1/chat "), "{}", got.head);
    assert_eq!(got.header("authorization"), Some("Bearer secret"));
    let look = json!({"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {"deep": {"type": "boolean"}}}});
    assert_eq!(
        got.json(),
        json!({
            "model": "m-0", "stream": false, "max_tokens": 50, "temperature": 0.5, "stop_sequences": ["END"],
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]},
                {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{\"deep\":true}"}}]},
                {"role": "tool", "tool_call_id": "call_1", "content": "a cat"},
            ],
            "tools": [{"type": "function", "function": look}],
            "tool_choice": "REQUIRED",
        })
    );
}

#[tokio::test]
async fn a_schema_keeps_its_words_and_their_order() {
    let fake = Fake::doing([answer(said("{}"), "COMPLETE")]).await;
    over(&fake, Kind::Cohere).call(&with_schema()).await;
    let sent = fake.got().remove(0).body;
    assert!(sent.contains(&format!(r#""response_format":{{"type":"json_object","json_schema":{SCHEMA}}}"#)), "{sent}");
}

#[tokio::test]
async fn calls_of_tools_come_back() {
    let call =
        json!({"id": "look_1", "type": "function", "function": {"name": "look", "arguments": "{\"deep\":true}"}});
    let fake = Fake::doing([answer(
        json!({"role": "assistant", "tool_plan": "I will look.", "tool_calls": [call]}),
        "TOOL_CALL",
    )])
    .await;
    let choice = over(&fake, Kind::Cohere).call(&rich(false)).await.json()["choices"][0].clone();
    assert_eq!((&choice["finish_reason"], &choice["message"]["tool_calls"]), (&json!("tool_calls"), &json!([call])));
    assert_eq!(choice["message"]["reasoning_content"], "I will look.");
}

#[tokio::test]
async fn streams_come_as_chunks() {
    let block =
        json!({"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}});
    let fake = Fake::doing([events(&[
        start(),
        block,
        text("A "),
        text("cat."),
        json!({"type": "content-end", "index": 0}),
        end("COMPLETE"),
    ])])
    .await;
    let outcome = over(&fake, Kind::Cohere).call(&rich(true)).await;
    recorded(&outcome, "COMPLETE", (11, 3));
    assert_eq!(told(&outcome.body), ("A cat.".into(), String::new(), "stop".into(), (11, 3)));
}

#[tokio::test]
async fn calls_of_tools_are_streamed() {
    let call =
        |calls: Value, kind: &str| json!({"type": kind, "index": 0, "delta": {"message": {"tool_calls": calls}}});
    let frames = [
        start(),
        json!({"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "I will look."}}}),
        call(
            json!({"id": "look_1", "type": "function", "function": {"name": "look", "arguments": ""}}),
            "tool-call-start",
        ),
        call(json!({"function": {"arguments": "{\"deep\":"}}), "tool-call-delta"),
        call(json!({"function": {"arguments": "true}"}}), "tool-call-delta"),
        json!({"type": "tool-call-end", "index": 0}),
        end("TOOL_CALL"),
    ];
    let fake = Fake::doing([events(&frames)]).await;
    let outcome = over(&fake, Kind::Cohere).call(&rich(true)).await;
    assert_eq!(told(&outcome.body), (String::new(), "look{\"deep\":true}".into(), "tool_calls".into(), (11, 3)));
}

#[tokio::test]
async fn what_is_cut_short_says_so() {
    cut_short(Kind::Cohere, events(&[start(), text("A ")])).await;
    let fake = Fake::doing([events(&[start(), end("ERROR")])]).await;
    assert_eq!(over(&fake, Kind::Cohere).call(&ask(true)).await.attempts(), ["p0 in_stream"]);
}

#[tokio::test]
async fn refusals_get_the_words_of_the_callers_protocol() {
    let error = |message: &str| json!({"id": "e_1", "message": message});
    let rows = [
        (400, error("invalid request: message must be at least 1 token long"), "bad_request", 400, "invalid_request"),
        (
            400,
            error("too many tokens: size limit exceeded by 11 tokens"),
            "context_length",
            400,
            "context_length_exceeded",
        ),
        (401, error("invalid api token"), "credentials", 502, "upstream_credentials_refused"),
        (402, error("Please add or update your payment method"), "quota", 402, "insufficient_quota"),
        (404, error("model 'm-0' not found"), "not_found", 404, "model_not_found"),
        (
            429,
            error("You are using a Trial key, which is limited to 10 API calls / minute."),
            "rate_limited",
            429,
            "rate_limit_exceeded",
        ),
        (500, error("internal server error"), "server", 502, "upstream_error"),
    ];
    refused(Kind::Cohere, &rows).await;
}

#[tokio::test]
async fn one_of_several_tools_cannot_be_named() {
    let fake = Fake::doing([answer(said("x"), "COMPLETE")]).await;
    let mut world = over(&fake, Kind::Cohere);
    let named = |body: &str| body.replace("\"required\"", r#"{"type":"function","function":{"name":"look"}}"#);
    assert_eq!(world.call(&named(&rich(false))).await.status, 200, "the only one is the one");
    assert_eq!(fake.got()[0].json()["tool_choice"], "REQUIRED");
    let two =
        named(&rich(false)).replace("\"tools\":[", r#""tools":[{"type":"function","function":{"name":"other"}},"#);
    let outcome = world.call(&two).await;
    assert_eq!((outcome.status, outcome.code().as_str()), (400, "unsupported"));
}
