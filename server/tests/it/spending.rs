//! Prices, budgets, rate limits and costs, over a provider of one's own.

use axum::Router;
use axum::routing::post;
use domain::access::Scope;
use domain::event::Event;
use http::Method;
use platform::actor::Actor;
use platform::stream::{StreamFilter, Subscription};
use serde_json::{Value, json};

use crate::support::{Answer, Caller, World, eventually};

on_both_databases!(
    a_budget_holds_is_told_of_and_survives_a_restart,
    costs_add_up_to_the_calls,
    a_rate_limit_holds,
    what_is_changed_by_hand_is_refused_where_it_is_wrong,
);

/// Nine tokens read and one written.
const HELLO: &str = r#"{"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}"#;

/// A provider `mine` whose model `m` costs a dollar for a million tokens read and ten for a million written.
async fn set_up(world: &World) -> Caller {
    let answer = || async { ([("content-type", "application/json")], HELLO) };
    let address = world.serve(Router::new().route("/v1/chat/completions", post(answer))).await;
    let admin = world.key(&[Scope::Admin]).await;
    let provider = json!({ "name": "mine", "kind": "openai", "base_url": format!("http://{address}/v1") });
    world.post("/api/v1/providers").by(&admin).json(&provider).send().await.expect(201);
    let price =
        json!({ "provider": "mine", "model": "m", "input_usd": 1.0, "output_usd": 10.0, "max_output_tokens": 100 });
    world.call(Method::PUT, "/api/v1/prices").by(&admin).json(&price).send().await.expect(200);
    admin
}

async fn ask(world: &World, caller: &Caller) -> Answer {
    let body = json!({ "model": "mine/m", "messages": [{ "role": "user", "content": "hello" }] });
    world.post("/v1/chat/completions").by(caller).json(&body).send().await
}

async fn listen(world: &World, topic: &str) -> Subscription {
    let filter = StreamFilter { topics: vec![topic.to_owned()], after: None };
    world.platform.stream().subscribe(&Actor::System, filter).await.unwrap()
}

async fn next(events: &mut Subscription) -> Event {
    let limit = std::time::Duration::from_secs(30);
    let event = tokio::time::timeout(limit, events.next()).await.expect("no event within the limit");
    (*event.unwrap()).clone()
}

async fn a_budget_holds_is_told_of_and_survives_a_restart(world: World) {
    let (admin, program) = (set_up(&world).await, world.key(&[Scope::Gateway]).await);
    let mut events = listen(&world, "budget").await;
    // A call costs 19 µUSD and at most about 1.5 mUSD.
    let budget = json!({ "name": "all of it", "limit_usd": 0.0017, "window": "day" });
    let created = world.post("/api/v1/budgets").by(&admin).json(&budget).send().await.expect(201).json();
    let path = format!("/api/v1/budgets/{}", created["id"].as_str().unwrap());
    let mut answered = 0;
    let refused = loop {
        let answer = ask(&world, &program).await;
        if answer.status != 200 {
            break answer;
        }
        assert_eq!(answer.header("x-bellwether-cost-usd"), Some("0.000019000"));
        answered += 1;
    };
    assert_eq!((refused.status.as_u16(), refused.json()["error"]["code"].as_str()), (402, Some("budget_exceeded")));
    let event = next(&mut events).await;
    assert_eq!(event.event, "budget.exhausted");
    assert_eq!(event.payload["budget"]["name"], "all of it");
    let spent = f64::from(answered) * 0.000_019;
    let is_spent = |budget: &Value| (budget["spent_usd"].as_f64().unwrap() - spent).abs() < 1e-12;
    let now = world.get(&path).by(&admin).send().await.expect(200).json();
    assert!(answered > 5 && is_spent(&now) && now["reserved_usd"] == 0.0, "{now}");
    assert!(now["projected_usd"].as_f64().unwrap() >= spent && now["renews_at"].is_string(), "{now}");

    let world = world.restarted().await;
    let again = world.get(&path).by(&admin).send().await.expect(200).json();
    assert!(is_spent(&again), "a restart gives nothing back: {again}");
    ask(&world, &program).await.expect(402);
    let larger = json!({ "name": "all of it", "limit_usd": 1, "window": "day" });
    world.call(Method::PUT, &path).by(&admin).json(&larger).send().await.expect(200);
    ask(&world, &program).await.expect(200);
    world.pass(86_400);
    let next_day = world.get(&path).by(&admin).send().await.expect(200).json();
    assert_eq!(next_day["spent_usd"], 0.0, "{next_day}");
    world.call(Method::DELETE, &path).by(&admin).send().await.expect(204);
    world.get(&path).by(&admin).send().await.expect(404);
    let trail = world.get("/api/v1/audit").by(&admin).send().await.expect(200).text();
    for action in ["budget.created", "budget.changed", "budget.deleted", "price.entered"] {
        assert!(trail.contains(action), "{action} is not in {trail}");
    }
    world.platform.finish_stop().await;
}

async fn costs_add_up_to_the_calls(world: World) {
    let (admin, program) = (set_up(&world).await, world.key(&[Scope::Gateway]).await);
    for _ in 0..3 {
        ask(&world, &program).await.expect(200);
    }
    let nobody = json!({ "model": "nothing", "messages": [{ "role": "user", "content": "hello" }] });
    world.post("/v1/chat/completions").by(&program).json(&nobody).send().await.expect(404);
    let report = eventually("all calls in the costs", async || {
        let report = world.get("/api/v1/costs?by=model").by(&admin).send().await.expect(200).json();
        (report["total"]["calls"] == 4).then_some(report)
    })
    .await;
    let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-12;
    assert!(near(&report["total"]["cost_usd"], 0.000_057), "{report}");
    assert_eq!(
        (&report["total"]["failed_calls"], &report["total"]["input_tokens"]),
        (&json!(1), &json!(27)),
        "{report}"
    );
    let groups = report["groups"].as_array().unwrap();
    assert_eq!((groups.len(), &groups[0]["name"], &groups[0]["calls"]), (2, &json!("m"), &json!(3)), "{report}");
    assert_eq!((&groups[1]["name"], &groups[1]["cost_usd"]), (&json!(""), &json!(0.0)), "nobody answered: {report}");
    assert!(near(&report["hours"][0]["cost_usd"], 0.000_057), "{report}");
    assert!(near(&report["projection"]["per_hour_usd"], 0.000_057), "less than an hour ago: {report}");
    for by in ["service", "team", "key", "route", "provider"] {
        let report = world.get(&format!("/api/v1/costs?by={by}")).by(&admin).send().await.expect(200).json();
        let sum: f64 =
            report["groups"].as_array().unwrap().iter().map(|group| group["cost_usd"].as_f64().unwrap()).sum();
        assert!((sum - 0.000_057).abs() < 1e-12, "{by}: {report}");
    }
    let asked =
        world.post("/api/v1/ai").by(&program).json(&json!({ "service": "mine", "model": "m", "prompt": "hello" }));
    assert!(near(&asked.send().await.expect(200).json()["cost_usd"], 0.000_019));
}

async fn a_rate_limit_holds(world: World) {
    let (admin, program) = (set_up(&world).await, world.key(&[Scope::Gateway]).await);
    let limit = json!({ "name": "slow", "scope": { "provider": "mine" }, "requests_per_minute": 2 });
    let created = world.post("/api/v1/rate-limits").by(&admin).json(&limit).send().await.expect(201).json();
    world.post("/api/v1/rate-limits").by(&admin).json(&limit).send().await.expect(409);
    for _ in 0..2 {
        ask(&world, &program).await.expect(200);
    }
    let refused = ask(&world, &program).await.expect(429);
    assert_eq!(refused.header("retry-after"), Some("30"));
    world.pass(30);
    ask(&world, &program).await.expect(200);
    let path = format!("/api/v1/rate-limits/{}", created["id"].as_str().unwrap());
    world.call(Method::DELETE, &path).by(&admin).send().await.expect(204);
    ask(&world, &program).await.expect(200);
}

async fn what_is_changed_by_hand_is_refused_where_it_is_wrong(world: World) {
    let admin = set_up(&world).await;
    let wrong = [
        ("/api/v1/budgets", json!({ "name": "", "limit_usd": -1, "window": "day" }), vec!["name", "limit_usd"]),
        ("/api/v1/budgets", json!({ "name": "a", "limit_usd": 1, "window": "year" }), vec!["window"]),
        ("/api/v1/rate-limits", json!({ "name": "a", "tokens_per_minute": 0 }), vec!["tokens_per_minute"]),
        (
            "/api/v1/prices",
            json!({ "provider": "a", "model": "", "input_usd": -1, "output_usd": 0 }),
            vec!["model", "input_usd"],
        ),
    ];
    for (path, body, fields) in wrong {
        assert_eq!(world.post(path).by(&admin).json(&body).send().await.expect(422).fields(), fields, "{path} {body}");
    }
    for query in ["from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from=2020-01-01T00:00:00Z"] {
        let answer = world.get(&format!("/api/v1/costs?{query}")).by(&admin).send().await.expect(422);
        assert_eq!(answer.fields(), ["from"], "{query}");
    }
    let listed = world.get("/api/v1/prices?provider=openai&limit=1").by(&admin).send().await.expect(200).json();
    let (model, as_of) = (listed["items"][0]["model"].as_str().unwrap(), listed["as_of"].as_str().unwrap());
    assert!(listed["items"][0]["source"] == "list" && !as_of.is_empty() && listed["next_cursor"].is_string());
    let own = json!({ "provider": "openai", "model": model, "input_usd": 0.5, "output_usd": 1 });
    world.post("/api/v1/prices").by(&admin).json(&own).send().await.expect(201);
    let entered = world.get("/api/v1/prices?provider=openai&limit=1").by(&admin).send().await.expect(200).json();
    assert_eq!((&entered["items"][0]["source"], &entered["items"][0]["input_usd"]), (&json!("entered"), &json!(0.5)));
    let name = format!("/api/v1/prices?provider=openai&model={model}");
    world.call(Method::DELETE, &name).by(&admin).send().await.expect(204);
    world.call(Method::DELETE, &name).by(&admin).send().await.expect(404);
}
