//! The table and the process have the same routes.

use std::collections::BTreeSet;

use super::table::{Door, Need, Row};
use super::{pages, rest, rpc};
use crate::support::World;

on_both_databases!(the_table_has_every_documented_route);

type Route = (String, String);

fn routes<'a>(rows: impl IntoIterator<Item = &'a Row>) -> BTreeSet<Route> {
    rows.into_iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect()
}

/// Rows about what is not a route of the OpenAPI document.
const UNDOCUMENTED: [&str; 4] = ["/api/v1/openapi.json", "/api/docs", "/api/v1/nothing", "PATCH"];

fn is_documented(row: &Row) -> bool {
    row.door != Door::Model && !UNDOCUMENTED.contains(&row.path) && !UNDOCUMENTED.contains(&row.method)
}

async fn the_table_has_every_documented_route(world: World) {
    let document = world.get("/api/v1/openapi.json").send().await.expect(200).json();
    let mut documented = BTreeSet::new();
    let mut open = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let route = (method.to_uppercase(), path.clone());
            if operation["security"].as_array().is_some_and(|needs| needs.contains(&serde_json::json!({}))) {
                open.insert(route.clone());
            }
            for part in ["summary", "operationId"] {
                assert!(operation[part].as_str().is_some_and(|text| !text.is_empty()), "{route:?} has no {part}");
            }
            assert!(operation["tags"][0].is_string(), "{route:?} has no tag");
            documented.insert(route);
        }
    }
    assert_eq!(routes(rest::ROWS.iter().filter(|row| is_documented(row))), documented);
    let said_open = rest::ROWS.iter().filter(|row| row.need == Need::Nothing && is_documented(row));
    let said_open = routes(said_open);
    let security = include_str!("../../../../docs/security.md");
    for (method, path) in &said_open {
        assert!(
            security.contains(&format!("`{path}`")),
            "{method} {path} is open to all, and docs/security.md does not say so"
        );
    }
    assert_eq!(said_open, open, "what is open to all says `security(())`, and nothing else does");
}

/// The router has no list of its routes; those outside of the document are written in two files.
#[test]
fn the_table_has_every_route_outside_of_the_document() {
    let sources = [include_str!("../../../src/router.rs"), include_str!("../../../src/llm.rs")];
    let written: BTreeSet<_> = sources
        .iter()
        .flat_map(|source| source.split(".route(\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let of_document = ["/api/docs", "/api/v1/openapi.json"];
    let said = rest::ROWS.iter().filter(|row| row.door == Door::Model || of_document.contains(&row.path));
    assert_eq!(written, said.map(|row| row.path).collect());
    let hides = |source: &&str| [".nest(", "route_service", "nest_service"].iter().any(|word| source.contains(word));
    assert!(!sources.iter().any(hides), "these hide routes from this test");
}

#[tokio::test]
async fn the_table_has_every_page() {
    let listed = leptos_axum::generate_route_list(app::App);
    let listed: BTreeSet<_> = listed.iter().map(|route| route.path().replace('{', ":").replace('}', "")).collect();
    let said: BTreeSet<_> = pages::ROWS.iter().map(|row| row.path.to_owned()).collect();
    assert_eq!(said, listed);
}

#[test]
fn the_table_has_every_server_function() {
    // The router's parts register themselves when the crate is linked, which this makes sure of.
    let _linked = server::start;
    let registered: BTreeSet<Route> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (method.to_string(), path.to_owned()))
        .collect();
    assert_eq!(routes(rpc::ROWS), registered);
}
