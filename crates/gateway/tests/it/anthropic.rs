//! Callers of `OpenAI`'s doors and a provider with Anthropic's Messages API, and the other way round.

use gateway::settings::Kind;
use http::HeaderMap;
use serde_json::{Value, json};

use crate::fake::{Act, Fake};
use crate::protocols::{SCHEMA, cut_short, events, over, recorded, refused, rich, told, with_schema};
use crate::world::{DONE, HELLO, MORE, ROLE, STOP, USAGE, WORD, ask};

fn message(content: Value, stop_reason: &str) -> Act {
    let usage =
        json!({"input_tokens": 10, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 1, "output_tokens": 7});
    let message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-0", "content": content,
        "stop_reason": stop_reason, "stop_sequence": null, "usage": usage,
    });
    Act::json(200, message.to_string())
}

fn start() -> Value {
    let usage = json!({"input_tokens": 12, "output_tokens": 1});
    json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "usage": usage}})
}

fn text(text: &str) -> Value {
    json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})
}

fn end(reason: &str) -> [Value; 2] {
    let delta = json!({"stop_reason": reason, "stop_sequence": null});
    [json!({"type": "message_delta", "delta": delta, "usage": {"output_tokens": 9}}), json!({"type": "message_stop"})]
}

#[tokio::test]
async fn a_chat_request_is_written_as_messages() {
    let fake = Fake::doing([message(json!([{"type": "text", "text": "A cat."}]), "end_turn")]).await;
    let outcome = over(&fake, Kind::Anthropic).call(&rich(false)).await;
    recorded(&outcome, "end_turn", (16, 7));
    let answer = outcome.json();
    assert_eq!(
        (&answer["object"], &answer["choices"][0]["message"]["content"]),
        (&json!("chat.completion"), &json!("A cat."))
    );
    assert_eq!(
        (&answer["choices"][0]["finish_reason"], &answer["usage"]["total_tokens"]),
        (&json!("stop"), &json!(23))
    );
    assert_eq!((outcome.header("content-type"), &answer["model"]), ("application/json", &json!("m-0")));
    let got = fake.got().remove(0);
    assert!(got.head.starts_with("POST /v1/messages "), "{}", got.head);
    assert_eq!(
        (got.header("x-api-key"), got.header("anthropic-version"), got.header("authorization")),
        (Some("secret"), Some("2023-06-01"), None)
    );
    assert_eq!(
        got.json(),
        json!({
            "model": "m-0", "max_tokens": 50, "temperature": 0.5, "system": "Be brief.", "stop_sequences": ["END"],
            "messages": [
                {"role": "user", "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                ]},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "call_1", "name": "look", "input": {"deep": true}}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "a cat"}]},
            ],
            "tools": [{"name": "look", "description": "Looks.", "input_schema": {"type": "object", "properties": {"deep": {"type": "boolean"}}}}],
            "tool_choice": {"type": "any"},
        })
    );
}

#[tokio::test]
async fn a_schema_keeps_its_words_and_their_order() {
    let fake = Fake::doing([message(json!([{"type": "text", "text": "{}"}]), "end_turn")]).await;
    over(&fake, Kind::Anthropic).call(&with_schema()).await;
    let sent = fake.got().remove(0).body;
    assert!(
        sent.contains(&format!(r#""output_config":{{"format":{{"type":"json_schema","schema":{SCHEMA}}}}}"#)),
        "{sent}"
    );
}

#[tokio::test]
async fn calls_of_tools_come_back() {
    let call = json!([{"type": "text", "text": "Let me look."}, {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"deep": true}}]);
    let fake = Fake::doing([message(call, "tool_use")]).await;
    let answer = over(&fake, Kind::Anthropic).call(&rich(false)).await.json();
    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(
        choice["message"]["tool_calls"],
        json!([{"id": "toolu_1", "type": "function", "function": {"name": "look", "arguments": "{\"deep\":true}"}}])
    );
}

#[tokio::test]
async fn streams_come_as_chunks() {
    let [delta, stop] = end("end_turn");
    let block = json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}});
    let fake =
        Fake::doing([events(&[start(), json!({"type": "ping"}), block, text("A "), text("cat."), delta, stop])]).await;
    let outcome = over(&fake, Kind::Anthropic).call(&rich(true)).await;
    recorded(&outcome, "end_turn", (12, 9));
    assert_eq!(told(&outcome.body), ("A cat.".into(), String::new(), "stop".into(), (12, 9)));
    assert_eq!(outcome.header("content-type"), "text/event-stream; charset=utf-8");
}

#[tokio::test]
async fn calls_of_tools_are_streamed() {
    let [delta, stop] = end("tool_use");
    let block = json!({"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}});
    let piece = |json: &str| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": json}});
    let fake = Fake::doing([events(&[start(), block, piece("{\"deep\":"), piece("true}"), delta, stop])]).await;
    let outcome = over(&fake, Kind::Anthropic).call(&rich(true)).await;
    assert_eq!(told(&outcome.body), (String::new(), "look{\"deep\":true}".into(), "tool_calls".into(), (12, 9)));
}

#[tokio::test]
async fn what_is_cut_short_says_so() {
    cut_short(Kind::Anthropic, events(&[start(), text("A ")])).await;
    let broken = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let fake = Fake::doing([events(&[start(), broken])]).await;
    let outcome = over(&fake, Kind::Anthropic).call(&ask(true)).await;
    assert_eq!((outcome.status, outcome.attempts()), (503, vec!["p0 overloaded".to_owned()]));
}

#[tokio::test]
async fn refusals_get_the_words_of_the_callers_protocol() {
    let error = |kind: &str, message: &str| json!({"type": "error", "error": {"type": kind, "message": message}});
    let rows = [
        (400, error("invalid_request_error", "messages: roles must alternate"), "bad_request", 400, "invalid_request"),
        (
            400,
            error("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
            "context_length",
            400,
            "context_length_exceeded",
        ),
        (401, error("authentication_error", "invalid x-api-key"), "credentials", 502, "upstream_credentials_refused"),
        (404, error("not_found_error", "model: m-0"), "not_found", 404, "model_not_found"),
        (429, error("rate_limit_error", "too fast"), "rate_limited", 429, "rate_limit_exceeded"),
        (500, error("api_error", "Internal server error"), "server", 502, "upstream_error"),
        (529, error("overloaded_error", "Overloaded"), "overloaded", 503, "upstream_overloaded"),
    ];
    refused(Kind::Anthropic, &rows).await;
}

fn asked_as_anthropic(stream: bool) -> String {
    json!({
        "model": "r", "max_tokens": 50, "stream": stream, "system": "Be brief.",
        "messages": [
            {"role": "user", "content": "What is this?"},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"deep": true}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "a cat"}, {"type": "text", "text": "So?"}]},
        ],
        "tools": [{"name": "look", "input_schema": {"type": "object"}}],
    })
    .to_string()
}

#[tokio::test]
async fn anthropics_door_leads_to_an_openai_provider() {
    let fake = Fake::doing([Act::json(200, HELLO)]).await;
    let outcome = over(&fake, Kind::OpenAi).call_at("/v1/messages", &asked_as_anthropic(false)).await;
    recorded(&outcome, "stop", (9, 1));
    let answer = outcome.json();
    assert_eq!(
        (&answer["type"], &answer["content"], &answer["stop_reason"]),
        (&json!("message"), &json!([{"type": "text", "text": "Hello"}]), &json!("end_turn"))
    );
    let got = fake.got().remove(0);
    assert!(got.head.starts_with("POST /v1/chat/completions "), "{}", got.head);
    assert_eq!(
        got.json()["messages"],
        json!([
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is this?"},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "toolu_1", "type": "function", "function": {"name": "look", "arguments": "{\"deep\":true}"}}]},
            {"role": "tool", "tool_call_id": "toolu_1", "content": "a cat"},
            {"role": "user", "content": [{"type": "text", "text": "So?"}]},
        ])
    );
}

#[tokio::test]
async fn anthropics_door_streams_from_an_openai_provider() {
    let fake = Fake::doing([Act::frames(&[ROLE, WORD, MORE, STOP, USAGE, DONE])]).await;
    let outcome = over(&fake, Kind::OpenAi).call_at("/v1/messages", &asked_as_anthropic(true)).await;
    recorded(&outcome, "stop", (9, 2));
    let names: Vec<&str> = outcome.body.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    let expected = [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ];
    assert_eq!(names, expected);
    assert!(
        outcome.body.contains(r#""text":"Hello""#) && outcome.body.contains(r#""stop_reason":"end_turn""#),
        "{}",
        outcome.body
    );
    assert_eq!(fake.got()[0].json()["stream_options"], json!({"include_usage": true}));
}

#[tokio::test]
async fn anthropics_door_gets_anthropics_errors() {
    let fake =
        Fake::doing([Act::json(429, r#"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#)
            .with("retry-after", "7")])
        .await;
    let outcome =
        over(&fake, Kind::OpenAi).call_with("/v1/messages", HeaderMap::new(), &asked_as_anthropic(false)).await;
    assert_eq!((outcome.status, outcome.header("retry-after")), (429, "7"));
    assert_eq!(
        (&outcome.json()["type"], &outcome.json()["error"]["type"]),
        (&json!("error"), &json!("rate_limit_error"))
    );
    let fake = Fake::doing([Act::json(200, HELLO)]).await;
    let unlimited = json!({"model": "r", "messages": [{"role": "user", "content": "hi"}]}).to_string();
    let outcome = over(&fake, Kind::OpenAi).call_at("/v1/messages", &unlimited).await;
    assert_eq!((outcome.status, fake.calls()), (400, 0), "max_tokens is missing");
}
