//! What is passed through is passed through: bytes, unknown members, headers, connections.

use gateway::settings::{Kind, Provider, Secret};
use http::HeaderMap;

use crate::fake::{Act, Fake};
use crate::world::{HELLO, World, answering, ask, settings, streaming};

#[tokio::test]
async fn only_the_model_is_changed() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    let body = r#"{ "unknown": {"deep": [1.0e+00, "\u00e4"]},  "model" : "r", "messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"z":1,"a":2}}}] }"#;
    let outcome = world.call(body).await;
    assert_eq!(fake.got()[0].body, body.replace("\"r\"", "\"m-0\""));
    assert_eq!(outcome.body, HELLO, "the answer is the provider's, byte for byte");
    assert!(fake.got()[0].head.starts_with("POST /v1/chat/completions HTTP/1.1"));
}

#[tokio::test]
async fn large_bodies_arrive_whole() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    let body =
        format!(r#"{{"messages":[{{"role":"user","content":"{}"}}],"model":"r"}}"#, "lorem ipsum ".repeat(20_000));
    assert_eq!(world.call(&body).await.status, 200);
    assert_eq!(fake.got()[0].body, body.replace("\"r\"", "\"m-0\""));
}

#[tokio::test]
async fn usage_is_asked_for_in_streams_only() {
    let fake = streaming().await;
    let mut world = World::over(&[&fake], |_| {});
    world.call(&ask(true)).await;
    assert_eq!(fake.got()[0].json()["stream_options"]["include_usage"], true);
    let plain = answering().await;
    let mut world = World::over(&[&plain], |_| {});
    world.call(&ask(false)).await;
    assert!(plain.got()[0].json().get("stream_options").is_none());
}

#[tokio::test]
async fn the_providers_key_is_sent_and_the_callers_is_not() {
    let fake = answering().await;
    let mut settings = settings(&[&fake], |_| {});
    settings.providers[0].api_key = Some(Secret::new("sk-provider"));
    settings.providers[0].headers = vec![("x-own".to_owned(), "1".to_owned())];
    let mut world = World::new(settings);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", "Bearer rp_callers".parse().unwrap());
    headers.insert("cookie", "session=1".parse().unwrap());
    headers.insert("openai-beta", "assistants=v2".parse().unwrap());
    world.call_with("/v1/chat/completions", headers, &ask(false)).await;
    let got = &fake.got()[0];
    assert_eq!(got.header("authorization"), Some("Bearer sk-provider"));
    assert_eq!(
        (got.header("cookie"), got.header("openai-beta"), got.header("x-own")),
        (None, Some("assistants=v2"), Some("1"))
    );
}

#[tokio::test]
async fn connections_are_used_again_after_answers_and_streams() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    for _ in 0..5 {
        world.call(&ask(false)).await;
    }
    assert_eq!(fake.connections(), 1);
    let fake = streaming().await;
    let mut world = World::over(&[&fake], |_| {});
    for _ in 0..5 {
        world.call(&ask(true)).await;
    }
    assert_eq!(fake.connections(), 1);
}

#[tokio::test]
async fn the_other_openai_doors_are_passed_through() {
    let rows = [
        (
            "/v1/completions",
            r#"{"model":"r","prompt":"x"}"#,
            r#"{"id":"1","choices":[{"text":"y","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}"#,
        ),
        (
            "/v1/embeddings",
            r#"{"model":"r","input":"x"}"#,
            r#"{"object":"list","data":[{"embedding":[0.1,0.2],"index":0}],"usage":{"prompt_tokens":1,"total_tokens":1}}"#,
        ),
        (
            "/v1/responses",
            r#"{"model":"r","input":"x"}"#,
            r#"{"id":"resp_1","status":"completed","error":null,"output":[{"type":"message"}],"usage":{"input_tokens":1,"output_tokens":1}}"#,
        ),
    ];
    for (path, ask, answer) in rows {
        let fake = Fake::doing([Act::json(200, answer)]).await;
        let mut world = World::over(&[&fake], |_| {});
        let outcome = world.call_at(path, ask).await;
        assert_eq!((outcome.status, outcome.body.as_str()), (200, answer), "{path}");
        assert!(fake.got()[0].head.starts_with(&format!("POST {path} ")), "{path}");
        assert_eq!(outcome.record.usage.input, 1, "{path}");
        assert!(!outcome.record.usage.is_estimated, "{path}");
    }
}

#[tokio::test]
async fn anthropic_is_passed_through_at_its_own_door() {
    let answer = r#"{"id":"msg_1","type":"message","role":"assistant","model":"m-0","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":2,"cache_read_input_tokens":5}}"#;
    let fake = Fake::doing([Act::json(200, answer)]).await;
    let mut settings = settings(&[&fake], |_| {});
    settings.providers[0] = Provider {
        base_url: Some(fake.base_url()),
        api_key: Some(Secret::new("sk-ant")),
        ..Provider::new("p0", Kind::Anthropic)
    };
    let mut world = World::new(settings);
    let mut headers = HeaderMap::new();
    headers.insert("anthropic-beta", "context-1m".parse().unwrap());
    let outcome = world
        .call_with(
            "/v1/messages",
            headers,
            r#"{"model":"r","max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#,
        )
        .await;
    let got = &fake.got()[0];
    assert_eq!(
        (got.header("x-api-key"), got.header("anthropic-version"), got.header("anthropic-beta")),
        (Some("sk-ant"), Some("2023-06-01"), Some("context-1m"))
    );
    assert_eq!((outcome.body.as_str(), outcome.record.usage.input, outcome.record.usage.cached_input), (answer, 15, 5));
}

#[tokio::test]
async fn what_a_provider_says_in_headers_is_chosen() {
    let act = Act::json(200, HELLO)
        .with("x-ratelimit-remaining-requests", "9")
        .with("x-request-id", "up-1")
        .with("set-cookie", "a=b")
        .with("server", "x");
    let fake = Fake::doing([act]).await;
    let outcome = World::over(&[&fake], |_| {}).call(&ask(false)).await;
    assert_eq!((outcome.header("x-ratelimit-remaining-requests"), outcome.header("x-request-id")), ("9", "up-1"));
    assert_eq!((outcome.header("set-cookie"), outcome.header("server")), ("", ""));
    assert_eq!((outcome.header("x-bellwether-request-id"), outcome.header("x-bellwether-attempts")), ("req_1", "1"));
}
