//! Teams, and what belongs to them.

use domain::access::Scope;
use serde_json::{Value, json};

use super::{delete, each, get, post, put};
use crate::support::World;

on_both_databases!(a_team_is_made_renamed_and_deleted, what_belonged_to_a_deleted_team_stays);

async fn a_team_is_made_renamed_and_deleted(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    let made = post(&world, "/api/v1/teams", &caller, json!({ "name": "platform" })).await.expect(201).json();
    post(&world, "/api/v1/teams", &caller, json!({ "name": "ai" })).await.expect(201);
    let path = format!("/api/v1/teams/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&world, &path, &caller).await, made);
    assert_eq!(each(&get(&world, "/api/v1/teams", &caller).await, "name"), ["ai", "platform"]);
    let taken = post(&world, "/api/v1/teams", &caller, json!({ "name": "platform" })).await.expect(409);
    assert_eq!(taken.code(), "conflict");
    put(&world, &path, &caller, json!({ "name": "ai" })).await.expect(409);
    let renamed = put(&world, &path, &caller, json!({ "name": "infra" })).await.expect(200).json();
    assert_eq!((&renamed["name"], &renamed["id"]), (&json!("infra"), &made["id"]));
    delete(&world, &path, &caller).await;
    let audit = get(&world, "/api/v1/audit", &caller).await;
    assert_eq!(each(&audit, "action")[..3], ["team.deleted", "team.renamed", "team.created"]);
    assert_eq!(
        (&audit["items"][1]["actor"], &audit["items"][1]["detail"]),
        (&json!("key:test"), &json!("was platform"))
    );
}

async fn what_belonged_to_a_deleted_team_stays(world: World) {
    let caller = world.key(&[Scope::Admin]).await;
    let team =
        post(&world, "/api/v1/teams", &caller, json!({ "name": "platform" })).await.expect(201).json()["id"].clone();
    let made = [
        ("/api/v1/services", json!({ "name": "orders", "team_id": team })),
        ("/api/v1/users", json!({ "email": "a@example.com", "role": "viewer", "team_id": team })),
        ("/api/v1/keys", json!({ "name": "k", "scopes": ["read"], "team_id": team })),
    ];
    for (path, body) in &made {
        assert_eq!(post(&world, path, &caller, body.clone()).await.expect(201).json()["team_id"], team, "{path}");
    }
    delete(&world, &format!("/api/v1/teams/{}", team.as_str().unwrap()), &caller).await;
    for (path, _) in &made {
        let teams = each(&get(&world, path, &caller).await, "team_id");
        assert!(!teams.is_empty() && teams.iter().all(Value::is_null), "{path}: {teams:?}");
    }
}
