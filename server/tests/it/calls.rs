//! The history of calls to models.

use domain::access::Scope;
use serde_json::json;

use crate::support::{World, eventually};

on_both_databases!(a_call_with_odd_characters_keeps_no_other_out_of_the_history);

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
