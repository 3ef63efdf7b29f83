//! Lists that come in pages.

use domain::access::Scope;
use serde_json::{Value, json};

use super::{get, post};
use crate::support::World;

on_both_databases!(the_audit_trail_is_read_page_by_page);

async fn the_audit_trail_is_read_page_by_page(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    for i in 0..7 {
        post(&world, "/api/v1/teams", &caller, json!({ "name": format!("team{i}") })).await.expect(201);
    }
    let whole = get(&world, "/api/v1/audit", &caller).await;
    // The making of the key is the eighth.
    let all = whole["items"].as_array().unwrap();
    assert_eq!((all.len(), &whole["next_cursor"]), (8, &Value::Null));
    assert_eq!(
        (&all[0]["object"], &all[0]["action"], &all[0]["actor"]),
        (&json!("team6"), &json!("team.created"), &json!("key:test"))
    );

    for limit in [1, 3, 4, 8] {
        let (mut read, mut cursor) = (Vec::new(), String::new());
        for _ in 0..9 {
            let page = get(&world, &format!("/api/v1/audit?limit={limit}{cursor}"), &caller).await;
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit);
            read.extend(items.clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
            // What comes in between moves nothing.
            world.get("/api/v1/openapi.json").by(&caller).send().await.expect(200);
        }
        assert_eq!(&read, all, "in pages of {limit}");
    }
}
