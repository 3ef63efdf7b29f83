//! Embeddings of providers that do not have `OpenAI`'s endpoint for them, and Hugging Face's router.

use gateway::settings::Kind;
use serde_json::json;

use crate::fake::{Act, Fake};
use crate::protocols::{over, recorded, told};
use crate::world::{DONE, HELLO, MORE, ROLE, STOP, USAGE, WORD, ask};

const ASKED: &str = r#"{"model":"r","input":["one","two"]}"#;

#[tokio::test]
async fn each_provider_is_asked_in_its_own_words() {
    let rows = [
        (
            Kind::Gemini,
            json!({"embeddings": [{"values": [0.5, 1.0]}, {"values": [0.0, 2.0]}]}),
            "/v1/models/m-0:batchEmbedContents ",
            json!({"requests": [
                {"model": "models/m-0", "content": {"parts": [{"text": "one"}]}},
                {"model": "models/m-0", "content": {"parts": [{"text": "two"}]}},
            ]}),
        ),
        (
            Kind::Cohere,
            json!({"id": "1", "embeddings": {"float": [[0.5, 1.0], [0.0, 2.0]]}, "meta": {"billed_units": {"input_tokens": 2}}}),
            "/v1/embed ",
            json!({"model": "m-0", "texts": ["one", "two"], "input_type": "search_document", "embedding_types": ["float"]}),
        ),
        (
            Kind::HuggingFace,
            json!([[0.5, 1.0], [0.0, 2.0]]),
            "/v1/hf-inference/models/m-0/pipeline/feature-extraction ",
            json!({"inputs": ["one", "two"]}),
        ),
    ];
    for (kind, body, path, sent) in rows {
        let fake = Fake::doing([Act::json(200, body.to_string())]).await;
        let mut world = over(&fake, kind);
        let outcome = world.call_at("/v1/embeddings", ASKED).await;
        assert_eq!((outcome.status, fake.got()[0].json()), (200, sent), "{kind:?}: {}", outcome.body);
        assert!(fake.got()[0].head.contains(path), "{}", fake.got()[0].head);
        let answer = outcome.json();
        assert_eq!(answer["data"][1], json!({"object": "embedding", "index": 1, "embedding": [0.0, 2.0]}));
        assert_eq!(outcome.record.usage.is_estimated, kind != Kind::Cohere);
        assert!(answer["usage"]["prompt_tokens"] == 2, "{answer}");
        let packed = world.call_at("/v1/embeddings", &ASKED.replace("}", r#","encoding_format":"base64"}"#)).await;
        assert_eq!(packed.json()["data"][0]["embedding"], "AAAAPwAAgD8=", "0.5 and 1.0 as 32 bits each");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure() {
    for (body, class) in [
        (json!({"embeddings": [{"values": [1.0]}]}), "malformed"),
        (json!({"error": {"code": 429, "message": "x"}}), "rate_limited"),
    ] {
        let fake = Fake::doing([Act::json(200, body.to_string())]).await;
        let outcome = over(&fake, Kind::Gemini).call_at("/v1/embeddings", ASKED).await;
        assert_eq!(outcome.attempts(), [format!("p0 {class}")]);
    }
    let fake = Fake::doing([Act::json(200, HELLO)]).await;
    let outcome = over(&fake, Kind::Anthropic).call_at("/v1/embeddings", ASKED).await;
    assert_eq!((outcome.status, outcome.code().as_str(), fake.calls()), (400, "unsupported", 0));
    let tokens = over(&fake, Kind::Cohere).call_at("/v1/embeddings", r#"{"model":"r","input":[[1,2]]}"#).await;
    assert_eq!((tokens.status, tokens.code().as_str(), fake.calls()), (400, "unsupported", 0));
}

#[tokio::test]
async fn hugging_face_is_passed_through_at_its_router() {
    let fake = Fake::doing([Act::json(200, HELLO)]).await;
    let outcome = over(&fake, Kind::HuggingFace).call(&ask(false)).await;
    assert_eq!((outcome.status, outcome.body.as_str()), (200, HELLO), "byte for byte");
    assert!(fake.got()[0].head.starts_with("POST /v1/v1/chat/completions "), "{}", fake.got()[0].head);
    let fake = Fake::doing([Act::frames(&[ROLE, WORD, MORE, STOP, USAGE, DONE])]).await;
    let asked = json!({"model": "r", "max_tokens": 9, "stream": true, "messages": [{"role": "user", "content": "hi"}]})
        .to_string();
    let outcome = over(&fake, Kind::HuggingFace).call_at("/v1/messages", &asked).await;
    recorded(&outcome, "stop", (9, 2));
    let fake = Fake::doing([Act::frames(&[ROLE, WORD, MORE, STOP, USAGE, DONE])]).await;
    assert_eq!(told(&over(&fake, Kind::HuggingFace).call(&ask(true)).await.body).0, "Hello there");
    let error = Fake::doing([Act::json(503, r#"{"error":"Model is currently loading","estimated_time":20.0}"#)]).await;
    assert_eq!(over(&error, Kind::HuggingFace).call(&ask(false)).await.status, 503);
}
