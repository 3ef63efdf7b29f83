//! Streams at the other doors: what they end with when they cannot be completed.

use gateway::settings::{Kind, Provider};

use crate::fake::{Act, Fake, Step};
use crate::world::{World, settings};

const START: &str = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}}\n\n";
const DELTA: &str = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n";
const FINISH: &str = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\n";
const STOP: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const OVERLOADED: &str =
    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
const ASK: &str = r#"{"model":"r","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"x"}]}"#;

async fn anthropic(act: Act) -> crate::world::Outcome {
    let fake = Fake::doing([act]).await;
    let mut settings = settings(&[&fake], |_| {});
    settings.providers[0] = Provider { base_url: Some(fake.base_url()), ..Provider::new("p0", Kind::Anthropic) };
    World::new(settings).call_at("/v1/messages", ASK).await
}

#[tokio::test]
async fn anthropics_streams_are_passed_through() {
    let outcome = anthropic(Act::frames(&[START, DELTA, FINISH, STOP])).await;
    assert_eq!(outcome.body, [START, DELTA, FINISH, STOP].concat());
    assert_eq!((outcome.record.usage.input, outcome.record.usage.output), (11, 7));
    let without_stop = anthropic(Act::frames(&[START, DELTA, FINISH])).await;
    assert_eq!(without_stop.body, [START, DELTA, FINISH, STOP].concat());
}

#[tokio::test]
async fn anthropics_callers_get_their_own_error_event() {
    let outcome = anthropic(Act::frames(&[START, DELTA]).then(Step::Cut)).await;
    let event = outcome.body.strip_prefix(&[START, DELTA].concat()).unwrap();
    let data: serde_json::Value =
        serde_json::from_str(event.strip_prefix("event: error\ndata: ").unwrap().trim_end()).unwrap();
    assert_eq!((data["type"].as_str(), data["error"]["code"].as_str()), (Some("error"), Some("stream_incomplete")));
}

#[tokio::test]
async fn anthropics_errors_keep_their_type() {
    let outcome = anthropic(Act::frames(&[START, OVERLOADED])).await;
    assert_eq!((outcome.status, outcome.json()["error"]["type"].as_str()), (503, Some("overloaded_error")));
    let body = r#"{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: must be positive"}}"#;
    let outcome = anthropic(Act::json(400, body)).await;
    assert_eq!((outcome.status, outcome.body.as_str()), (400, body));
}

#[tokio::test]
async fn responses_streams_end_with_their_last_event() {
    let created = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}}\n\n";
    let delta =
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n";
    let completed = "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n";
    let ask = r#"{"model":"r","stream":true,"input":"x"}"#;
    let fake = Fake::doing([Act::frames(&[created, delta, completed]), Act::frames(&[created, delta])]).await;
    let mut world = World::over(&[&fake], |_| {});
    let whole = world.call_at("/v1/responses", ask).await;
    assert_eq!((whole.body, whole.record.usage.output), ([created, delta, completed].concat(), 1));
    let cut = world.call_at("/v1/responses", ask).await;
    assert!(cut.body.contains("event: error\n") && cut.body.contains("stream_incomplete"), "{}", cut.body);
}
