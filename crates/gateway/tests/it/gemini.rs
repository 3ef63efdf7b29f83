//! Callers of `OpenAI`'s and Anthropic's doors and a provider with Google's Gemini API.

use gateway::settings::Kind;
use serde_json::{Value, json};

use crate::fake::{Act, Fake};
use crate::protocols::{SCHEMA, cut_short, data, over, recorded, refused, rich, told, with_schema};
use crate::world::ask;

fn chunk(parts: Value, finish: Option<&str>) -> Value {
    json!({
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": {"promptTokenCount": 15, "candidatesTokenCount": 6, "thoughtsTokenCount": 4, "totalTokenCount": 25, "cachedContentTokenCount": 3},
        "modelVersion": "m-0", "responseId": "abc",
    })
}

fn answer(parts: Value, finish: &str) -> Act {
    Act::json(200, chunk(parts, Some(finish)).to_string())
}

#[tokio::test]
async fn a_chat_request_is_written_as_contents() {
    let fake = Fake::doing([answer(json!([{"text": "hm", "thought": true}, {"text": "A cat."}]), "STOP")]).await;
    let outcome = over(&fake, Kind::Gemini).call(&rich(false)).await;
    recorded(&outcome, "STOP", (15, 10));
    assert_eq!((outcome.record.usage.cached_input, outcome.record.usage.reasoning), (3, 4));
    let message = &outcome.json()["choices"][0]["message"];
    assert_eq!((&message["content"], &message["reasoning_content"]), (&json!("A cat."), &json!("hm")));
    let got = fake.got().remove(0);
    assert!(got.head.starts_with("POST /v1/models/m-0:generateContent "), "{}", got.head);
    assert_eq!((got.header("x-goog-api-key"), got.header("authorization")), (Some("secret"), None));
    assert_eq!(
        got.json(),
        json!({
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "contents": [
                {"role": "user", "parts": [{"text": "What is this?"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]},
                {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {"deep": true}}}]},
                {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"result": "a cat"}}}]},
            ],
            "tools": [{"functionDeclarations": [{"name": "look", "description": "Looks.", "parametersJsonSchema": {"type": "object", "properties": {"deep": {"type": "boolean"}}}}]}],
            "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
            "generationConfig": {"maxOutputTokens": 50, "temperature": 0.5, "stopSequences": ["END"]},
        })
    );
}

#[tokio::test]
async fn a_schema_keeps_its_words_and_their_order() {
    let fake = Fake::doing([answer(json!([{"text": "{}"}]), "STOP")]).await;
    over(&fake, Kind::Gemini).call(&with_schema()).await;
    let got = fake.got().remove(0);
    assert!(got.body.contains(&format!(r#""responseJsonSchema":{SCHEMA}"#)), "{}", got.body);
    assert_eq!(got.json()["generationConfig"]["responseMimeType"], "application/json");
}

#[tokio::test]
async fn calls_of_tools_come_back_with_their_seal_and_go_out_with_it() {
    let call = json!([{"functionCall": {"name": "look", "args": {"deep": true}}, "thoughtSignature": "seal"}]);
    let fake = Fake::doing([answer(call, "STOP")]).await;
    let mut world = over(&fake, Kind::Gemini);
    let answer = world.call(&rich(false)).await.json();
    assert_eq!(answer["choices"][0]["finish_reason"], "tool_calls");
    let call = &answer["choices"][0]["message"]["tool_calls"][0];
    assert_eq!((&call["id"], &call["function"]["arguments"]), (&json!("call_abc_0"), &json!("{\"deep\":true}")));
    let again = json!({"model": "r", "messages": [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_abc_0", "content": "{\"seen\": 1}"},
    ]});
    world.call(&again.to_string()).await;
    let contents = fake.got()[1].json()["contents"].clone();
    assert_eq!(
        contents[1]["parts"][0],
        json!({"functionCall": {"name": "look", "args": {"deep": true}}, "thoughtSignature": "seal"})
    );
    assert_eq!(contents[2]["parts"][0], json!({"functionResponse": {"name": "look", "response": {"seen": 1}}}));
}

#[tokio::test]
async fn streams_come_as_chunks() {
    let frames = [
        chunk(json!([{"text": "A "}]), None),
        chunk(json!([{"text": "cat."}]), None),
        chunk(json!([{"text": "", "thoughtSignature": "s"}]), Some("STOP")),
    ];
    let fake = Fake::doing([data(&frames)]).await;
    let outcome = over(&fake, Kind::Gemini).call(&rich(true)).await;
    recorded(&outcome, "STOP", (15, 10));
    assert_eq!(told(&outcome.body), ("A cat.".into(), String::new(), "stop".into(), (15, 10)));
    assert!(fake.got()[0].head.starts_with("POST /v1/models/m-0:streamGenerateContent?alt=sse "));
}

#[tokio::test]
async fn calls_of_tools_are_streamed() {
    let frames = [
        chunk(json!([{"functionCall": {"name": "look", "args": {"deep": true}}}]), None),
        chunk(json!([]), Some("STOP")),
    ];
    let fake = Fake::doing([data(&frames)]).await;
    let outcome = over(&fake, Kind::Gemini).call(&rich(true)).await;
    assert_eq!(told(&outcome.body), (String::new(), "look{\"deep\":true}".into(), "tool_calls".into(), (15, 10)));
}

#[tokio::test]
async fn what_is_cut_short_says_so() {
    cut_short(Kind::Gemini, data(&[chunk(json!([{"text": "A "}]), None)])).await;
}

#[tokio::test]
async fn what_google_blocks_is_a_refusal_or_a_filtered_answer() {
    let fake = Fake::doing([Act::json(
        200,
        r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":4}}"#,
    )])
    .await;
    let outcome = over(&fake, Kind::Gemini).call(&ask(false)).await;
    assert_eq!((outcome.status, outcome.code().as_str()), (400, "content_policy_violation"));
    let fake = Fake::doing([Act::json(200, json!({"candidates": [{"finishReason": "SAFETY"}]}).to_string())]).await;
    let outcome = over(&fake, Kind::Gemini).call(&ask(false)).await;
    assert_eq!((outcome.status, &outcome.json()["choices"][0]["finish_reason"]), (200, &json!("content_filter")));
    for (body, class) in [
        (json!({"candidates": []}), "empty"),
        (json!({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL"}]}), "malformed"),
    ] {
        let fake = Fake::doing([Act::json(200, body.to_string())]).await;
        assert_eq!(over(&fake, Kind::Gemini).call(&ask(false)).await.attempts(), [format!("p0 {class}")]);
    }
}

#[tokio::test]
async fn refusals_get_the_words_of_the_callers_protocol() {
    let error =
        |code: u16, status: &str, message: &str| json!({"error": {"code": code, "message": message, "status": status}});
    let rows = [
        (400, error(400, "INVALID_ARGUMENT", "Invalid value at 'contents'"), "bad_request", 400, "invalid_request"),
        (
            400,
            error(
                400,
                "INVALID_ARGUMENT",
                "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).",
            ),
            "context_length",
            400,
            "context_length_exceeded",
        ),
        (
            400,
            error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
            "credentials",
            502,
            "upstream_credentials_refused",
        ),
        (404, error(404, "NOT_FOUND", "models/m-0 is not found"), "not_found", 404, "model_not_found"),
        (429, error(429, "RESOURCE_EXHAUSTED", "quota"), "rate_limited", 429, "rate_limit_exceeded"),
        (503, error(503, "UNAVAILABLE", "The model is overloaded."), "overloaded", 503, "upstream_overloaded"),
    ];
    refused(Kind::Gemini, &rows).await;
}

#[tokio::test]
async fn what_cannot_be_carried_is_refused_with_a_reason() {
    let fake = Fake::doing([answer(json!([{"text": "x"}]), "STOP")]).await;
    let mut world = over(&fake, Kind::Gemini);
    let image = json!({"model": "r", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]}]});
    let several = json!({"model": "r", "n": 2, "messages": [{"role": "user", "content": "hi"}]});
    for (body, word) in [(image, "by their address"), (several, "must be 1")] {
        let outcome = world.call(&body.to_string()).await;
        assert_eq!((outcome.status, outcome.code().as_str()), (400, "unsupported"));
        assert!(outcome.body.contains(word), "{}", outcome.body);
    }
    assert_eq!(fake.calls(), 0);
}

#[tokio::test]
async fn anthropics_door_and_responses_lead_there_too() {
    let fake = Fake::doing([answer(json!([{"text": "A cat."}]), "STOP")]).await;
    let mut world = over(&fake, Kind::Gemini);
    let asked = json!({"model": "r", "max_tokens": 50, "messages": [{"role": "user", "content": "hi"}]}).to_string();
    let outcome = world.call_at("/v1/messages", &asked).await;
    assert_eq!(outcome.json()["content"], json!([{"type": "text", "text": "A cat."}]));
    let outcome = world.call_at("/v1/responses", r#"{"model":"r","input":"hi"}"#).await;
    assert_eq!(outcome.json()["output"][0]["content"][0]["text"], "A cat.");
    let outcome = world.call_at("/v1/completions", r#"{"model":"r","prompt":"hi"}"#).await;
    assert_eq!(outcome.json()["choices"][0]["text"], "A cat.");
}
