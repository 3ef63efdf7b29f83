//! Who may call what: every route of the process, asked by every kind of caller.
//!
//! Always true: a route that the process has and the table has not fails the tests, and the other way round; the requests
//! change nothing, so that all of them can be asked of one world.

mod complete;
mod pages;
mod rest;
mod rpc;
mod table;

use domain::access::{Role, Scope};

use self::table::{CALLERS, Door, Need, Row, Sample};
use crate::support::{Caller, World};

on_both_databases!(
    every_rest_route_admits_whom_the_table_says,
    every_server_function_admits_whom_the_table_says,
    every_page_shows_itself_to_whom_the_table_says,
    things_of_another_kind_are_not_found,
    own_metrics_can_be_told_to_need_a_key,
);

/// How a person proves who they are.
#[derive(Clone, Copy)]
enum Way {
    Bearer,
    Cookie,
}

/// The credentials of one column of the table. People log in for every call that may end their log-in.
async fn credentials(world: &World, column: &str, way: Way) -> Caller {
    let role = match column {
        "anonymous" => return Caller::Anonymous,
        "viewer" => Role::Viewer,
        "operator" => Role::Operator,
        "admin" => Role::Admin,
        scope => {
            let scope: Scope = scope.strip_prefix("key:").unwrap().parse().unwrap();
            return world.key(&[scope]).await;
        }
    };
    match way {
        Way::Bearer => world.bearer(role).await,
        Way::Cookie => world.browser(role).await,
    }
}

/// Asks every row as every caller and compares with the table.
async fn check(world: &World, rows: &[Row], way: Way) {
    // There is somebody, so that set-up is over for all columns alike.
    world.person(Role::Admin).await;
    let mut wrong = Vec::new();
    for column in CALLERS {
        let caller = credentials(world, column, way).await;
        // Calls about the log-in itself come last: they may end it.
        let (about_log_in, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.need == Need::Person);
        for row in others.into_iter().chain(about_log_in) {
            let caller = match row.need {
                Need::Person => credentials(world, column, way).await,
                _ => caller.clone(),
            };
            let mut call = world.call(row.method(), &row.concrete_path()).by(&caller);
            call = match row.sample {
                Sample::None | Sample::Query(_) => call,
                Sample::Json(text) => call.body("application/json", text),
                Sample::Form(text) => call.form(text),
                Sample::RemoteWrite => {
                    call.body("application/x-protobuf", vec![0_u8]).header("content-encoding", "snappy")
                }
            };
            let answer = call.send().await;
            let expected = row.expected(column);
            if answer.status.as_u16() != expected {
                let line = format!("{} {} by {column}: {} instead of {expected}", row.method, row.path, answer.status);
                wrong.push(format!("{line}: {}", answer.text().chars().take(160).collect::<String>()));
            } else if expected >= 400 && row.door != Door::Page && (row.door != Door::Model || expected != row.status) {
                answer.code();
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

async fn every_rest_route_admits_whom_the_table_says(world: World) {
    check(&world, rest::ROWS, Way::Bearer).await;
}

async fn every_server_function_admits_whom_the_table_says(world: World) {
    check(&world, rpc::ROWS, Way::Cookie).await;
}

async fn every_page_shows_itself_to_whom_the_table_says(world: World) {
    check(&world, pages::ROWS, Way::Cookie).await;
}

/// An id that is well formed but of another kind, and one that is none at all.
async fn things_of_another_kind_are_not_found(world: World) {
    let admin = world.bearer(Role::Admin).await;
    let foreign =
        ["aud_0190a0a0a0a07000800000000000000f", "7", "svc_", "%00", "%FF", "..%2F..%2Fetc", &"x".repeat(2_000)];
    for row in rest::ROWS.iter().filter(|row| row.path.contains("{id}")) {
        for id in foreign {
            let call = world.call(row.method(), &row.path.replace("{id}", id)).by(&admin);
            let answer = match row.sample {
                Sample::Json(text) => call.body("application/json", text).send().await,
                _ => call.send().await,
            };
            assert_eq!(answer.status.as_u16(), 404, "{} {} with {id}: {}", row.method, row.path, answer.text());
            assert_eq!(answer.code(), "not_found");
        }
    }
}

async fn own_metrics_can_be_told_to_need_a_key(world: World) {
    let other = World::start_with("sqlite::memory:", &[("SERVER__METRICS_NEED_KEY", "true")]).await;
    other.get("/metrics").send().await.expect(401);
    other.get("/metrics").by(&other.key(&[Scope::Ingest]).await).send().await.expect(403);
    other.get("/metrics").by(&other.key(&[Scope::Read]).await).send().await.expect(200);
    other.platform.finish_stop().await;
    let open = world.get("/metrics").send().await.expect(200);
    assert!(open.text().contains("\nbellwether_series "), "{}", open.text());
}
