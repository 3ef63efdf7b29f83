//! Chaos experiments through the REST door.

use domain::access::{Role, Scope};
use platform::actor::Actor;
use platform::stream::StreamFilter;
use serde_json::{Value, json};

use crate::support::{Answer, Caller, World, eventually};

on_both_databases!(
    an_experiment_counts_what_callers_see_and_outlives_a_restart_but_not_its_time,
    stopping_stops_at_once,
    too_many_failures_end_it,
    what_names_nothing_is_refused,
    breakers_open_as_the_configuration_says,
);

async fn ask(world: &World, caller: &Caller) -> Answer {
    let body = json!({ "model": "simulated", "messages": [{ "role": "user", "content": "hello" }] });
    world.post("/v1/chat/completions").by(caller).json(&body).send().await
}

async fn inject(world: &World, by: &Caller, body: Value) -> String {
    let started = world.post("/api/v1/chaos/inject").by(by).json(&body).send().await.expect(201).json();
    started["id"].as_str().unwrap().to_owned()
}

async fn get(world: &World, by: &Caller, id: &str) -> Value {
    world.get(&format!("/api/v1/chaos/experiments/{id}")).by(by).send().await.expect(200).json()
}

async fn an_experiment_counts_what_callers_see_and_outlives_a_restart_but_not_its_time(world: World) {
    let (operator, program) = (world.bearer(Role::Operator).await, world.key(&[Scope::Gateway]).await);
    let filter = StreamFilter { topics: vec!["chaos".to_owned()], after: None };
    let mut events = world.platform.stream().subscribe(&Actor::System, filter).await.unwrap();
    let id =
        inject(&world, &operator, json!({ "service": "simulation", "type": "unavailability", "duration": 60 })).await;
    let started = events.next().await.unwrap();
    assert_eq!(
        (started.event.as_str(), &started.payload["experiment"]["scope"]["provider"]),
        ("chaos.started", &json!("simulation"))
    );
    ask(&world, &program).await.expect(502);
    let running = get(&world, &operator, &id).await;
    assert_eq!(
        (&running["report"]["calls"], &running["report"]["errors"], &running["end"]),
        (&json!(1), &json!(1), &Value::Null)
    );

    let world = world.restarted().await;
    ask(&world, &program).await.expect(502);
    let filter = StreamFilter { topics: vec!["chaos".to_owned()], after: None };
    let mut events = world.platform.stream().subscribe(&Actor::System, filter).await.unwrap();
    world.pass(61);
    ask(&world, &program).await.expect(200);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(30), events.next()).await.unwrap().unwrap();
    let experiment = &ended.payload["experiment"];
    assert_eq!((ended.event.as_str(), &experiment["end"]), ("chaos.ended", &json!("elapsed")));
    assert_eq!(experiment["ended_at"], experiment["ends_at"]);
    assert_eq!(experiment["report"]["errors"], 2, "the call before the restart counts: {experiment}");
    let list = world.get("/api/v1/chaos/experiments").by(&operator).send().await.expect(200).json();
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["end"]), (&json!(id), &json!("elapsed")));
    world.platform.finish_stop().await;
}

async fn stopping_stops_at_once(world: World) {
    let (operator, program) = (world.bearer(Role::Operator).await, world.key(&[Scope::Gateway]).await);
    let one = inject(
        &world,
        &operator,
        json!({ "service": "simulated", "type": "failure", "intensity": 100, "duration": 600 }),
    )
    .await;
    let other = inject(
        &world,
        &operator,
        json!({ "scope": { "service": "nobody" }, "type": "latency", "intensity": 2, "duration": 600 }),
    )
    .await;
    ask(&world, &program).await.expect(502);
    let stopped =
        world.post("/api/v1/chaos/stop").by(&operator).json(&json!({ "id": one })).send().await.expect(200).json();
    assert_eq!((&stopped["stopped"][0]["id"], &stopped["stopped"][0]["end"]), (&json!(one), &json!("stopped")));
    ask(&world, &program).await.expect(200);
    let again =
        world.post("/api/v1/chaos/stop").by(&operator).json(&json!({ "id": one })).send().await.expect(200).json();
    assert_eq!(again["stopped"], json!([]), "it is over");
    let rest = world.post("/api/v1/chaos/stop").by(&operator).json(&json!({})).send().await.expect(200).json();
    assert_eq!((&rest["stopped"][0]["id"], &rest["stopped"][0]["intensity"]), (&json!(other), &json!(2.0)));
    assert_eq!(rest["stopped"][0]["report"]["touched"], 0, "nobody's calls");
    let admin = world.bearer(Role::Admin).await;
    let trail = world.get("/api/v1/audit").by(&admin).send().await.expect(200).text();
    assert_eq!((trail.matches("chaos.started").count(), trail.matches("chaos.stopped").count()), (2, 2), "{trail}");
}

async fn too_many_failures_end_it(world: World) {
    let (operator, program) = (world.bearer(Role::Operator).await, world.key(&[Scope::Gateway]).await);
    let body = json!({ "service": "*", "type": "failure", "duration": 600, "abort_above": 0.5 });
    let id = inject(&world, &operator, body).await;
    for _ in 0..20 {
        ask(&world, &program).await;
    }
    let ended = eventually("its end to be stored", async || {
        let ended = get(&world, &operator, &id).await;
        ended["end"].is_string().then_some(ended)
    })
    .await;
    assert_eq!((&ended["end"], &ended["report"]["calls"]), (&json!("aborted"), &json!(20)));
    assert!(ended["ended_at"].as_str() < ended["ends_at"].as_str());
}

async fn what_names_nothing_is_refused(world: World) {
    let operator = world.bearer(Role::Operator).await;
    let wrong = [
        (json!({ "service": "nothing", "type": "failure", "duration": 60 }), "service"),
        (json!({ "type": "failure", "duration": 60 }), "service"),
        (json!({ "service": "*", "type": "fire", "duration": 60 }), "type"),
        (json!({ "service": "*", "type": "latency", "intensity": 11, "duration": 60 }), "intensity"),
        (json!({ "service": "*", "type": "failure", "duration": 100_000 }), "duration"),
        (json!({ "service": "*", "type": "failure", "duration": 60, "scope": { "traffic": 2 } }), "scope.traffic"),
        (
            json!({ "service": "simulation", "type": "failure", "duration": 60, "scope": { "provider": "openai" } }),
            "service",
        ),
    ];
    for (body, field) in wrong {
        let answer = world.post("/api/v1/chaos/inject").by(&operator).json(&body).send().await.expect(422);
        assert_eq!(answer.fields(), [field], "{body}: {}", answer.text());
    }
    let list = world.get("/api/v1/chaos/experiments").by(&operator).send().await.expect(200).json();
    assert_eq!(list["items"], json!([]));
}

async fn breakers_open_as_the_configuration_says(_: World) {
    let world = World::start_with("sqlite::memory:", &[("BREAKERS__CONSECUTIVE_FAILURES", "2")]).await;
    let (operator, program) = (world.bearer(Role::Operator).await, world.key(&[Scope::Gateway]).await);
    inject(&world, &operator, json!({ "service": "simulation", "type": "failure", "duration": 60 })).await;
    ask(&world, &program).await.expect(502);
    let breakers = world.get("/api/v1/breakers").by(&operator).send().await.expect(200).json();
    let first = &breakers["items"][0];
    assert_eq!((&first["state"], &first["history"][0]["cause"]), (&json!("open"), &json!("2 failures in a row")));
    ask(&world, &program).await.expect(503);
    world.platform.finish_stop().await;
    let wrong = [("BELLWETHER__BREAKERS__PROBES".to_owned(), "0".to_owned())];
    let refused = server::config::Config::load(None, wrong.into_iter()).unwrap_err();
    assert_eq!(refused.0[0].field, "breakers.probes");
}
