//! The failure table of `docs/gateway.md`, row by row: what a provider does, and what its caller gets.

use std::time::Duration;

use gateway::Outcome::{Failed, Incomplete, Refused, Succeeded};
use gateway::settings::Target;

use crate::fake::{Act, Fake, Step};
use crate::world::{DONE, HELLO, MORE, ROLE, STOP, USAGE, WORD, World, answering, ask, streaming};

/// Asks a route over a misbehaving and a good provider, unstreamed.
async fn against(act: Act) -> (crate::world::Outcome, Fake, Fake, World) {
    let (bad, good) = (Fake::doing([act]).await, answering().await);
    let mut world = World::over(&[&bad, &good], |_| {});
    let outcome = world.call(&ask(false)).await;
    (outcome, bad, good, world)
}

/// The same, streamed.
async fn streamed_against(act: Act) -> (crate::world::Outcome, Fake) {
    let (bad, good) = (Fake::doing([act]).await, streaming().await);
    let mut world = World::over(&[&bad, &good], |_| {});
    (world.call(&ask(true)).await, good)
}

fn error(code: &str, message: &str) -> String {
    format!(r#"{{"error":{{"message":"{message}","type":"x","code":"{code}"}}}}"#)
}

#[tokio::test]
async fn failures_before_the_answer_go_to_the_next_target() {
    let rows = [
        ("429", Act::json(429, error("rate_limit_exceeded", "slow down")), "rate_limited"),
        (
            "429 that says when",
            Act::json(429, error("rate_limit_exceeded", "slow down")).with("retry-after", "7"),
            "rate_limited",
        ),
        ("500", Act::json(500, error("server_error", "boom")), "server"),
        ("502 in HTML", Act::json(502, "<html>bad gateway</html>"), "server"),
        ("503", Act::json(503, error("unavailable", "later")), "overloaded"),
        ("529", Act::json(529, error("overloaded_error", "Overloaded")), "overloaded"),
        ("402", Act::json(402, error("x", "Insufficient balance")), "quota"),
        ("429 without money", Act::json(429, error("insufficient_quota", "check your plan")), "quota"),
        ("401", Act::json(401, error("invalid_api_key", "Incorrect API key")), "credentials"),
        ("404", Act::json(404, error("model_not_found", "no such model")), "not_found"),
        ("reset", Act::Reset, "reset"),
        ("no answer at all", Act::Hang, "first_token"),
        ("not JSON", Act::json(200, "<html>hello</html>"), "malformed"),
        ("cut JSON", Act::json(200, &HELLO[..60]), "malformed"),
        ("empty choices", Act::json(200, r#"{"id":"1","choices":[]}"#), "empty"),
        ("error with 200", Act::json(200, error("x", "boom")), "in_stream"),
    ];
    for (name, act, class) in rows {
        let (outcome, _bad, good, _) = against(act).await;
        assert_eq!(outcome.status, 200, "{name}");
        assert_eq!(outcome.attempts(), [format!("p0 {class}"), "p1 answered".to_owned()], "{name}");
        assert_eq!((outcome.record.outcome, good.calls()), (Succeeded, 1), "{name}");
        assert_eq!(outcome.header("x-bellwether-provider"), "p1", "{name}");
        assert_eq!(
            (outcome.record.usage.input, outcome.record.usage.output),
            (9, 1),
            "{name}: only the answer is counted"
        );
    }
}

#[tokio::test]
async fn failures_before_the_first_token_go_to_the_next_target() {
    let rows = [
        ("429", Act::json(429, error("rate_limit_exceeded", "slow down")), "rate_limited"),
        ("500", Act::json(500, error("x", "boom")), "server"),
        ("reset", Act::Reset, "reset"),
        ("no answer at all", Act::Hang, "first_token"),
        ("slow first token", Act::frames(&[ROLE]).then(Step::Stall), "first_token"),
        ("comments and nothing else", Act::frames(&[": wait\n\n", ": wait\n\n"]).then(Step::Stall), "first_token"),
        ("cut before the first token", Act::frames(&[ROLE]).then(Step::Cut), "reset"),
        ("ended before the first token", Act::frames(&[ROLE]), "cut"),
        ("nothing", Act::frames(&[]), "empty"),
        ("done without a word", Act::frames(&[ROLE, DONE]), "empty"),
        ("only empty choices", Act::frames(&["data: {\"choices\":[]}\n\n", DONE]), "empty"),
        ("error as the first frame", Act::frames(&["data: {\"error\":{\"message\":\"boom\"}}\n\n"]), "in_stream"),
        (
            "error after the role",
            Act::frames(&[ROLE, "data: {\"error\":{\"message\":\"x\",\"code\":429}}\n\n"]),
            "rate_limited",
        ),
        ("malformed first frame", Act::frames(&["data: {\"choices\":[{\n\n"]), "malformed"),
        ("a document instead of a stream", Act::json(200, HELLO), "malformed"),
    ];
    for (name, act, class) in rows {
        let (outcome, good) = streamed_against(act).await;
        assert_eq!(outcome.attempts(), [format!("p0 {class}"), "p1 answered".to_owned()], "{name}");
        assert_eq!(
            outcome.body,
            [ROLE, WORD, MORE, STOP, DONE].concat(),
            "{name}: the second provider's answer and nothing else"
        );
        assert_eq!((outcome.status, outcome.record.outcome, good.calls()), (200, Succeeded, 1), "{name}");
    }
}

#[tokio::test]
async fn a_stream_that_cannot_be_completed_says_so_once() {
    let rows = [
        ("cut", Act::frames(&[ROLE, WORD]).then(Step::Cut), "reset"),
        ("ended early", Act::frames(&[ROLE, WORD]), "cut"),
        ("stalled", Act::frames(&[ROLE, WORD]).then(Step::Stall), "silence"),
        (
            "malformed frame",
            Act::frames(&[ROLE, WORD])
                .then(Step::Pause(Duration::from_millis(30)))
                .then(Step::Send("data: {\"choices\":[{\"del\n\n".into())),
            "malformed",
        ),
        (
            "error inside",
            Act::frames(&[ROLE, WORD])
                .then(Step::Pause(Duration::from_millis(30)))
                .then(Step::Send("data: {\"error\":{\"message\":\"boom\"}}\n\n".into())),
            "in_stream",
        ),
        (
            "half a frame, then cut",
            Act::frames(&[ROLE, WORD, "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" th"])
                .then(Step::Cut),
            "reset",
        ),
    ];
    for (name, act, class) in rows {
        let (outcome, good) = streamed_against(act).await;
        let rest =
            outcome.body.strip_prefix(&[ROLE, WORD].concat()).unwrap_or_else(|| panic!("{name}: {}", outcome.body));
        let event: serde_json::Value = serde_json::from_str(rest.strip_prefix("data: ").unwrap().trim_end()).unwrap();
        assert_eq!(event["error"]["code"], "stream_incomplete", "{name}");
        assert!(!outcome.body.contains("[DONE]"), "{name}");
        assert_eq!((outcome.record.outcome, good.calls()), (Incomplete, 0), "{name}: never a second provider's text");
        assert_eq!(outcome.attempts(), [format!("p0 {class}")], "{name}");
        assert!(
            outcome.record.usage.is_estimated && outcome.record.usage.output > 0,
            "{name}: what was sent is counted"
        );
    }
}

#[tokio::test]
async fn an_error_right_behind_the_first_token_still_fails_over() {
    let both = [ROLE, WORD, "data: {\"error\":{\"message\":\"boom\"}}\n\n"].concat();
    let (outcome, _) = streamed_against(Act::frames(&[&both])).await;
    assert_eq!(outcome.attempts(), ["p0 in_stream", "p1 answered"]);
}

#[tokio::test]
async fn a_buffered_route_fails_over_at_any_point() {
    for step in [Step::Cut, Step::Stall] {
        let (bad, good) = (Fake::doing([Act::frames(&[ROLE, WORD, MORE]).then(step)]).await, streaming().await);
        let mut world = World::over(&[&bad, &good], |route| route.buffered = true);
        let outcome = world.call(&ask(true)).await;
        assert_eq!(outcome.body, [ROLE, WORD, MORE, STOP, DONE].concat());
        assert_eq!((outcome.record.outcome, outcome.attempts().len()), (Succeeded, 2));
    }
}

#[tokio::test]
async fn a_forgotten_done_is_added_to_a_finished_answer() {
    let (outcome, good) = streamed_against(Act::frames(&[ROLE, WORD, STOP])).await;
    assert_eq!(outcome.body, [ROLE, WORD, STOP, DONE].concat());
    assert_eq!((outcome.record.outcome, good.calls()), (Succeeded, 0));
}

#[tokio::test]
async fn a_missing_usage_is_estimated_and_marked() {
    let (outcome, _) = streamed_against(Act::frames(&[ROLE, WORD, MORE, STOP, DONE])).await;
    let usage = outcome.record.usage;
    assert!(usage.is_estimated && usage.input > 0 && usage.output > 0, "{usage:?}");
    let without = HELLO.split(",\"usage\"").next().unwrap().to_owned() + "}";
    let (outcome, ..) = against(Act::json(200, without)).await;
    assert!(outcome.record.usage.is_estimated && outcome.status == 200);
}

#[tokio::test]
async fn one_failure_is_retried_at_the_same_target() {
    for act in [Act::json(500, error("x", "boom")), Act::Reset, Act::json(200, r#"{"choices":[]}"#)] {
        let fake = Fake::doing([act, Act::json(200, HELLO)]).await;
        let mut world = World::over(&[&fake], |route| route.retries = 1);
        let outcome = world.call(&ask(false)).await;
        assert_eq!((outcome.status, fake.calls(), outcome.record.attempts.len()), (200, 2, 2));
    }
}

#[tokio::test]
async fn a_failure_for_ever_becomes_an_error_of_ours() {
    let rows = [
        (Act::json(500, error("x", "boom")), 502, "upstream_error"),
        (Act::json(401, error("x", "bad key")), 502, "upstream_credentials_refused"),
        (Act::json(402, error("x", "no money")), 402, "insufficient_quota"),
        (Act::json(503, error("x", "busy")), 503, "upstream_overloaded"),
        (Act::Reset, 502, "upstream_reset"),
        (Act::Hang, 504, "first_token_timeout"),
        (Act::json(200, r#"{"choices":[]}"#), 502, "upstream_empty"),
    ];
    for (act, status, code) in rows {
        let fake = Fake::doing([act]).await;
        let mut world = World::over(&[&fake], |route| route.retries = 1);
        let outcome = world.call(&ask(false)).await;
        assert_eq!((outcome.status, outcome.code().as_str()), (status, code));
        assert_eq!(outcome.record.outcome, Failed);
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unreachable() {
    let gone = Fake::doing([Act::Reset]).await;
    let mut settings = crate::world::settings(&[&gone], |_| {});
    settings.providers[0].base_url = Some("http://127.0.0.1:1/v1".to_owned());
    let outcome = World::new(settings).call(&ask(false)).await;
    assert_eq!((outcome.status, outcome.code().as_str()), (502, "upstream_unreachable"));
}

#[tokio::test]
async fn retry_after_is_passed_on_and_kept_to() {
    let fake = Fake::doing([Act::json(429, error("x", "slow down")).with("retry-after", "7")]).await;
    let mut world = World::over(&[&fake], |route| route.retries = 3);
    let first = world.call(&ask(false)).await;
    assert_eq!((first.status, first.header("retry-after"), fake.calls()), (429, "7", 1), "7 s is too long to wait for");
    let second = world.call(&ask(false)).await;
    assert_eq!((second.status, second.code().as_str(), fake.calls()), (503, "all_targets_unavailable", 1));
    assert_eq!((second.header("retry-after"), second.attempts()), ("7", vec!["p0 cooling_down".to_owned()]));
    assert_eq!(second.record.outcome, Refused);
    world.clock.advance(7_000);
    world.call(&ask(false)).await;
    assert_eq!(fake.calls(), 2);
}

#[tokio::test]
async fn a_short_wait_is_waited_when_nobody_else_can_answer() {
    let fake =
        Fake::doing([Act::json(429, error("x", "slow down")).with("retry-after-ms", "0"), Act::json(200, HELLO)]).await;
    let mut world = World::over(&[&fake], |route| route.retries = 1);
    assert_eq!((world.call(&ask(false)).await.status, fake.calls()), (200, 2));
}

#[tokio::test]
async fn the_total_limit_ends_a_call_whatever_is_left_to_try() {
    let (a, b) = (Fake::doing([Act::Hang]).await, Fake::doing([Act::Hang]).await);
    let mut world = World::over(&[&a, &b], |route| {
        route.limits.total_ms = 150;
        route.limits.attempt_ms = None;
    });
    let outcome = world.call(&ask(false)).await;
    assert_eq!((outcome.status, outcome.code().as_str()), (504, "total_timeout"));
    assert_eq!(outcome.attempts(), ["p0 first_token", "p1 total"], "each had its share of the time");
}

#[tokio::test]
async fn a_bad_request_is_nobody_elses_to_answer() {
    let body = error("invalid_value", "temperature must be at most 2");
    let (outcome, _, good, _) = against(Act::json(400, body.clone())).await;
    assert_eq!((outcome.status, good.calls()), (400, 0));
    assert_eq!(outcome.body, body, "the provider's own words");
}

#[tokio::test]
async fn a_content_refusal_is_not_routed_around() {
    let (outcome, _, good, _) = against(Act::json(400, error("content_policy_violation", "not that"))).await;
    assert_eq!((outcome.status, outcome.code().as_str(), good.calls()), (400, "content_policy_violation", 0));
    let refused = HELLO.replace("\"stop\"", "\"content_filter\"");
    let (outcome, _, good, _) = against(Act::json(200, refused)).await;
    assert_eq!((outcome.status, outcome.record.finish.as_deref(), good.calls()), (200, Some("content_filter"), 0));
}

#[tokio::test]
async fn a_prompt_that_is_too_long_goes_to_a_larger_model_only() {
    let too_long =
        || Fake::doing([Act::json(400, error("context_length_exceeded", "maximum context length is 8192 tokens"))]);
    let (small, same, large) = (too_long().await, answering().await, answering().await);
    let sized = |sizes: [Option<u64>; 3]| {
        move |route: &mut gateway::settings::Route| {
            for (target, context_tokens) in route.targets.iter_mut().zip(sizes) {
                *target = Target { context_tokens, ..target.clone() };
            }
        }
    };
    let mut world = World::over(&[&small, &same, &large], sized([Some(8_192), Some(8_192), Some(128_000)]));
    let outcome = world.call(&ask(false)).await;
    assert_eq!(outcome.attempts(), ["p0 context_length", "p1 not_larger", "p2 answered"]);
    let mut world = World::over(&[&small, &same, &large], sized([Some(8_192), None, Some(8_000)]));
    let outcome = world.call(&ask(false)).await;
    assert_eq!((outcome.status, outcome.code().as_str()), (400, "context_length_exceeded"));
}

#[tokio::test]
async fn a_flapping_primary_is_left_and_taken_back() {
    let mut acts = vec![Act::json(500, error("x", "boom")); 5];
    acts.push(Act::json(200, HELLO));
    let (primary, second) = (Fake::doing(acts).await, answering().await);
    let mut world = World::over(&[&primary, &second], |_| {});
    for _ in 0..8 {
        assert_eq!(world.call(&ask(false)).await.header("x-bellwether-provider"), "p1");
    }
    assert_eq!(primary.calls(), 5, "after five failures nobody pays for it any more");
    assert_eq!(world.call(&ask(false)).await.attempts(), ["p0 breaker_open", "p1 answered"]);
    world.clock.advance(30_000);
    for _ in 0..2 {
        assert_eq!(world.call(&ask(false)).await.header("x-bellwether-provider"), "p0");
    }
    let states: Vec<_> = std::iter::from_fn(|| world.changes.try_recv().ok()).map(|change| change.to).collect();
    use gateway::breaker::State::{Closed, HalfOpen, Open};
    assert_eq!(states, [Open, HalfOpen, Closed]);
}

#[tokio::test]
async fn usage_frames_that_only_the_gateway_asked_for_stay_here() {
    let fake = streaming().await;
    let mut world = World::over(&[&fake], |_| {});
    let outcome = world.call(&ask(true)).await;
    assert!(!outcome.body.contains("usage"));
    assert_eq!(
        (outcome.record.usage.input, outcome.record.usage.output, outcome.record.usage.is_estimated),
        (9, 2, false)
    );
    let asking = ask(true).replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assert!(world.call(&asking).await.body.contains(USAGE));
}
