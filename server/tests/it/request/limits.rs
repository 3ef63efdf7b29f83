//! How large a request may be.

use domain::access::Scope;

use crate::support::World;

on_both_databases!(a_body_over_the_limit_is_too_large, remote_write_has_a_limit_of_its_own);

const LIMIT: usize = 2_097_152;

/// A JSON object of this many bytes, with a name that is too long.
fn object(bytes: usize) -> String {
    let frame = r#"{"name": ""}"#;
    format!(r#"{{"name": "{}"}}"#, "x".repeat(bytes - frame.len()))
}

async fn a_body_over_the_limit_is_too_large(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    let json = |path: &str, body: String| world.post(path).by(&admin).body("application/json", body).send();
    // Just inside, it is read, and refused for what it says.
    json("/api/v1/teams", object(LIMIT)).await.expect(422);
    assert_eq!(json("/api/v1/teams", object(LIMIT + 1)).await.expect(413).code(), "too_large");
    // Without saying before how large it is.
    let parts = (0..40).map(|_| Ok::<_, std::io::Error>("x".repeat(65_536)));
    let stream = axum::body::Body::from_stream(futures::stream::iter(parts));
    world.post("/api/v1/teams").by(&admin).body("application/json", stream).send().await.expect(413);
    // At the other door, and on the routes of Prometheus' shape.
    assert_eq!(json("/rpc/overview", object(LIMIT + 1)).await.expect(413).code(), "too_large");
    let form = format!("query={}", "x".repeat(LIMIT));
    let refused = world.post("/api/v1/query").by(&admin).form(&form).send().await.expect(413);
    assert!(refused.json()["error"].is_string(), "{}", refused.text());
}

async fn remote_write_has_a_limit_of_its_own(world: World) {
    let ingest = world.key(&[Scope::Ingest]).await;
    let write = |bytes: usize| {
        let call = world.post("/api/v1/write").by(&ingest).header("content-encoding", "snappy");
        call.body("application/x-protobuf", vec![0xff_u8; bytes]).send()
    };
    let refused = write(LIMIT + 1).await.expect(422);
    assert_eq!(refused.fields(), ["body"]);
    write(16_777_217).await.expect(413);
    // A few bytes that claim to become many.
    let bomb = vec![0xff_u8, 0xff, 0xff, 0xff, 0x0f, 0x00];
    let call = world.post("/api/v1/write").by(&ingest).header("content-encoding", "snappy");
    call.body("application/x-protobuf", bomb).send().await.expect(413);
}
