//! The history of calls to models.

use domain::access::{Role, Scope};
use serde_json::json;

use crate::support::{World, eventually};

on_both_databases!(
    a_call_with_odd_characters_keeps_no_other_out_of_the_history,
    calls_that_were_made_elsewhere_are_in_the_history_and_the_costs,
    what_is_asked_again_and_again_has_an_end,
);

async fn a_call_with_odd_characters_keeps_no_other_out_of_the_history(world: World) {
    let (caller, reader) = (world.key(&[Scope::Gateway]).await, world.key(&[Scope::Read]).await);
    for model in ["odd\u{0}name", "simulated"] {
        let body = json!({ "model": model, "messages": [{ "role": "user", "content": "a\u{0}b" }] });
        world.post("/v1/chat/completions").by(&caller).json(&body).send().await;
    }
    let models = eventually("both calls in the history", async || {
        let page = world.get("/api/v1/requests").by(&reader).send().await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        let models: Vec<_> = items.iter().map(|call| call["requested_model"].as_str().unwrap().to_owned()).collect();
        (models.len() == 2).then_some(models)
    })
    .await;
    assert_eq!(models, ["simulated", "odd\u{fffd}name"], "newest first, and readable by every database");
}

async fn calls_that_were_made_elsewhere_are_in_the_history_and_the_costs(world: World) {
    let (caller, reader) = (world.key(&[Scope::Gateway]).await, world.key(&[Scope::Read]).await);
    let call = json!({ "service": "=batch", "provider": "mine", "model": "m", "latency_ms": 12.5, "input_tokens": 9, "cost_usd": 0.25 });
    let logged = world.post("/api/v1/requests").by(&caller).json(&call).send().await.expect(201).json();
    assert_eq!((&logged["door"], &logged["outcome"]), (&json!("elsewhere"), &json!("succeeded")));
    let failed = json!({ "service": "shop", "provider": "mine", "model": "m", "latency_ms": 1, "status": 500 });
    world.post("/api/v1/requests").by(&caller).json(&failed).send().await.expect(201);
    let report = eventually("both in the costs", async || {
        let report = world.get("/api/v1/costs?by=provider").by(&reader).send().await.expect(200).json();
        (report["total"]["calls"] == 2).then_some(report)
    })
    .await;
    assert_eq!((&report["total"]["cost_usd"], &report["total"]["failed_calls"]), (&json!(0.25), &json!(1)));
    let path = format!("/api/v1/requests/{}", logged["id"].as_str().unwrap());
    assert_eq!(world.get(&path).by(&reader).send().await.expect(200).json()["latency_ms"], 12.5);
    let file = world.get("/api/v1/requests/export.csv?provider=mine").by(&reader).send().await.expect(200);
    let lines: Vec<_> = file.text().lines().map(str::to_owned).collect();
    assert!(lines.len() == 3 && lines[2].contains(",'=batch,") && lines[2].contains(",0.25,12.5,1,false"), "{lines:?}");
    assert!(file.header("content-disposition").unwrap().contains("requests.csv"));
    let all = world.get("/api/v1/requests/export.json").by(&reader).send().await.expect(200).json();
    assert_eq!(all.as_array().unwrap().len(), 2);
}

async fn what_is_asked_again_and_again_has_an_end(world: World) {
    let operator = world.bearer(Role::Operator).await;
    let start = async |body: serde_json::Value| world.post("/api/v1/automation").by(&operator).json(&body).send().await;
    let two = json!({ "service": "simulation", "model": "x-instant", "prompt": "hello", "interval": 1, "count": 2 });
    let id = start(two).await.expect(201).json()["id"].clone();
    let endless = json!({ "service": "nothing", "prompt": "hello", "interval": 3600, "count": 1000 });
    start(endless).await.expect(201);
    let ended = eventually("its two calls", async || {
        let all = world.get("/api/v1/automation").by(&operator).send().await.expect(200).json();
        let one = all["items"].as_array().unwrap().iter().find(|one| one["id"] == id).cloned().unwrap();
        one["ended_at"].is_string().then_some(one)
    })
    .await;
    assert_eq!((&ended["sent"], &ended["succeeded"]), (&json!(2), &json!(2)));
    assert_eq!(
        (&ended["results"][1]["provider"], &ended["results"][1]["simulated"]),
        (&json!("simulation"), &json!(true))
    );
    let stopped = world.post("/api/v1/automation/stop").by(&operator).json(&json!({})).send().await.expect(200).json();
    assert_eq!(stopped["stopped"].as_array().unwrap().len(), 1, "the other one had ended: {stopped}");
    assert!(stopped["stopped"][0]["results"][0]["error"].as_str().unwrap().contains("no route"), "{stopped}");
}
