//! How a model's name becomes a provider's answer.

use gateway::Outcome;
use gateway::settings::{Condition, Kind, Provider, Route, Settings, Target};
use http::Method;
use serde_json::json;

use crate::world::{World, answering, ask, read, request, settings};

#[tokio::test]
async fn names_are_routes_then_provider_and_model_then_the_star() {
    let fake = answering().await;
    let mut settings = settings(&[&fake], |_| {});
    let mut world = World::new(settings.clone());
    let asked = |model: &str| ask(false).replace("\"r\"", &format!("\"{model}\""));
    assert_eq!(world.call(&asked("p0/own/model")).await.status, 200);
    assert_eq!(fake.got()[0].json()["model"], "own/model");
    let unknown = world.call(&asked("nobody")).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "model_not_found"));
    assert_eq!((unknown.record.outcome, unknown.record.requested_model.as_str()), (Outcome::Refused, "nobody"));
    settings.routes.push(Route::new("*", vec![Target::new("p0", "")]));
    world.gateway.configure(settings).unwrap();
    assert_eq!(world.call(&asked("nobody")).await.status, 200);
    assert_eq!(fake.got()[1].json()["model"], "nobody");
}

#[tokio::test]
async fn weights_share_first_attempts() {
    let (a, b) = (answering().await, answering().await);
    let mut world = World::over(&[&a, &b], |route| {
        route.targets[0].weight = Some(3);
        route.targets[1].weight = Some(1);
    });
    for _ in 0..40 {
        world.call(&ask(false)).await;
    }
    assert!((28..=32).contains(&a.calls()), "{} of 40", a.calls());
}

#[tokio::test]
async fn conditions_decide_who_is_considered() {
    let (large, small) = (answering().await, answering().await);
    let mut world = World::over(&[&large, &small], |route| {
        route.targets[0].when = Some(Condition { min_bytes: Some(1_000), ..Condition::default() });
    });
    assert_eq!(world.call(&ask(false)).await.header("x-bellwether-provider"), "p1");
    let long = ask(false).replace("Say hello", &"word ".repeat(300));
    assert_eq!(world.call(&long).await.header("x-bellwether-provider"), "p0");
}

#[tokio::test]
async fn bad_settings_change_nothing_and_say_what_is_wrong() {
    let fake = answering().await;
    let world = World::over(&[&fake], |_| {});
    let mut settings = world.gateway.settings();
    settings.routes[0].targets[0].provider = "gone".to_owned();
    settings.providers[0].base_url = Some("ftp://x".to_owned());
    settings.breakers.failure_share = 0.0;
    let fields: Vec<_> =
        world.gateway.configure(settings).unwrap_err().into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["providers[0].base_url", "routes[0].targets[0].provider", "breakers.failure_share"]);
    assert_eq!(world.gateway.settings().providers[0].base_url, Some(fake.base_url()));
}

#[tokio::test]
async fn a_provider_without_a_key_is_passed_over_and_the_simulation_only_steps_in_where_allowed() {
    let keyless = |fallback_to_simulation| Settings {
        providers: vec![Provider::new("openai", Kind::OpenAi)],
        routes: vec![Route { fallback_to_simulation, ..Route::new("r", vec![Target::new("openai", "gpt-x")]) }],
        ..Settings::default()
    };
    let refused = World::new(keyless(false)).call(&ask(false)).await;
    assert_eq!((refused.status, refused.code().as_str()), (503, "no_usable_target"));
    assert!(refused.body.contains("openai/gpt-x has no API key"), "{}", refused.body);
    let simulated = World::new(keyless(true)).call(&ask(false)).await;
    assert_eq!((simulated.status, simulated.header("x-bellwether-simulated")), (200, "true"));
    assert_eq!(simulated.attempts(), ["openai no_key", "simulation answered"]);
    assert!(simulated.record.is_simulated);
}

#[tokio::test]
async fn what_is_no_request_is_said_in_the_doors_own_shape() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    for (body, message) in
        [("", "not a JSON object"), ("{}", "`model` is missing"), (r#"{"model":1}"#, "`model` must be text")]
    {
        let outcome = world.call(body).await;
        assert_eq!((outcome.status, outcome.code().as_str()), (400, "invalid_request"));
        assert!(outcome.body.contains(message), "{}", outcome.body);
        let outcome = world.call_at("/v1/messages", body).await;
        assert_eq!(outcome.json()["type"], "error");
        assert_eq!(outcome.json()["error"]["type"], "invalid_request_error");
    }
    assert_eq!(fake.calls(), 0);
}

#[tokio::test]
async fn models_are_listed_in_both_shapes() {
    let fake = answering().await;
    let world = World::over(&[&fake], |_| {});
    let mut list = request("/v1/models", "");
    list.method = Method::GET;
    let openai: serde_json::Value = serde_json::from_str(&read(world.gateway.call(list.clone()).await).await).unwrap();
    assert_eq!(openai["data"], json!([{"id": "r", "object": "model", "created": 0, "owned_by": "bellwether"}]));
    list.headers.insert("anthropic-version", "2023-06-01".parse().unwrap());
    let anthropic: serde_json::Value =
        serde_json::from_str(&read(world.gateway.call(list.clone()).await).await).unwrap();
    assert_eq!((anthropic["data"][0]["type"].as_str(), anthropic["has_more"].as_bool()), (Some("model"), Some(false)));
    list.path = "/v1/models/x".to_owned();
    assert_eq!(world.gateway.call(list).await.status, 404);
}

#[tokio::test]
async fn breakers_are_opened_closed_saved_and_restored() {
    let fake = answering().await;
    let mut world = World::over(&[&fake], |_| {});
    assert!(world.gateway.open_breaker("p0", "m-0", true, "maintenance"));
    let held = world.call(&ask(false)).await;
    assert_eq!((held.status, held.attempts()), (503, vec!["p0 breaker_open".to_owned()]));
    let saved = world.gateway.saved_breakers();
    let mut again = World::over(&[&fake], |_| {});
    again.gateway.restore_breakers(saved);
    assert_eq!(again.call(&ask(false)).await.status, 503, "a restart does not close it");
    assert!(again.gateway.close_breaker("p0", "m-0", "done"));
    assert_eq!(again.call(&ask(false)).await.status, 200);
    assert_eq!(again.gateway.breakers()[0].history.len(), 2);
    assert!(!again.gateway.open_breaker("p9", "m-0", true, "x"));
}
