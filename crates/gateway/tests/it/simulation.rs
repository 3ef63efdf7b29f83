//! The simulation behind every door.

use gateway::settings::{Kind, Provider, Route, Settings, Target};

use crate::world::World;

fn world() -> World {
    World::new(Settings {
        providers: vec![Provider::new("sim", Kind::Simulation)],
        routes: vec![Route::new("r", vec![Target::new("sim", "instant")])],
        ..Settings::default()
    })
}

#[tokio::test]
async fn answers_at_every_door_whole_and_streamed() {
    let rows = [
        ("/v1/chat/completions", r#""messages":[{"role":"user","content":"Hi"}]"#, "data: [DONE]\n\n"),
        ("/v1/completions", r#""prompt":"Hi""#, "data: [DONE]\n\n"),
        (
            "/v1/messages",
            r#""max_tokens":500,"messages":[{"role":"user","content":"Hi"}]"#,
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        ),
        ("/v1/responses", r#""input":"Hi""#, "}\n\n"),
    ];
    let mut world = world();
    for (path, members, end) in rows {
        let whole = world.call_at(path, &format!(r#"{{"model":"r",{members}}}"#)).await;
        assert_eq!(whole.status, 200, "{path}: {}", whole.body);
        assert!(
            whole.body.contains("simulated") && whole.record.usage.output > 0 && !whole.record.usage.is_estimated,
            "{path}"
        );
        let streamed = world.call_at(path, &format!(r#"{{"model":"r","stream":true,{members}}}"#)).await;
        assert!(streamed.body.ends_with(end), "{path}: {}", streamed.body);
        assert_eq!(streamed.header("x-bellwether-simulated"), "true", "{path}");
        assert_eq!(streamed.record.outcome, gateway::Outcome::Succeeded, "{path}");
    }
}

#[tokio::test]
async fn embeds() {
    let outcome = world().call_at("/v1/embeddings", r#"{"model":"r","input":["a","b"],"dimensions":8}"#).await;
    let data = outcome.json()["data"].clone();
    assert_eq!((data.as_array().unwrap().len(), data[1]["embedding"].as_array().unwrap().len()), (2, 8));
    assert_ne!(data[0]["embedding"], data[1]["embedding"]);
}

#[tokio::test]
async fn refuses_what_no_provider_would_take() {
    let outcome = world().call(r#"{"model":"r","messages":"hello"}"#).await;
    assert_eq!((outcome.status, outcome.code().as_str()), (400, "invalid_request"));
}
