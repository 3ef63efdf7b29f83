//! Writes that another site makes a browser send.

use domain::access::{Role, Scope};
use http::Method;

use crate::support::{Answer, Call, Caller, World};

on_both_databases!(
    a_browser_may_write_from_our_own_pages_only,
    another_site_can_not_log_anybody_in_or_open_a_stream,
    programs_are_no_browsers,
);

const FOREIGN: [(&str, &str); 5] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("origin", "https://evil.example"),
    ("origin", "http://127.0.0.1:3001"),
    ("origin", "null"),
];

const OURS: [(&str, &str); 3] =
    [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "http://127.0.0.1:3000")];

fn is_refused_as_foreign(answer: &Answer) -> bool {
    answer.status == 403 && answer.text().contains("another site")
}

async fn a_browser_may_write_from_our_own_pages_only(world: World) {
    let browser = world.browser(Role::Admin).await;
    let body = serde_json::json!({ "name": "" });
    let writes = || -> Vec<Call> {
        vec![
            world.post("/api/v1/teams").json(&body),
            world.post("/rpc/create_team").form("input[name]="),
            world.call(Method::PUT, "/api/v1/nothing"),
            world.call(Method::DELETE, "/api/v1/teams/team_0190a0a0a0a07000800000000000000f"),
            // What a form of another site can send without asking first.
            world.post("/api/v1/teams").body("text/plain", body.to_string()),
        ]
    };
    for (name, value) in FOREIGN {
        for call in writes() {
            let answer = call.by(&browser).header(name, value).send().await;
            assert!(is_refused_as_foreign(&answer), "{name}: {value}: {} {}", answer.status, answer.text());
            assert_eq!(answer.code(), "forbidden");
        }
        world.get("/api/v1/teams").by(&browser).header(name, value).send().await.expect(200);
    }
    for (name, value) in OURS {
        for call in writes() {
            let answer = call.by(&browser).header(name, value).send().await;
            assert!(!is_refused_as_foreign(&answer), "{name}: {value}");
        }
    }
    // The newer header counts where both are there.
    let call = world.post("/api/v1/teams").by(&browser).json(&body);
    let answer = call.header("sec-fetch-site", "cross-site").header("origin", "http://127.0.0.1:3000").send().await;
    assert!(is_refused_as_foreign(&answer));
}

async fn another_site_can_not_log_anybody_in_or_open_a_stream(world: World) {
    let browser = world.browser(Role::Admin).await;
    for (name, value) in FOREIGN {
        let call = world.post("/rpc/log_in").form("input[email]=a@b&input[password]=x");
        assert!(is_refused_as_foreign(&call.header(name, value).send().await));
        let call = world.get("/stream/events").by(&browser).header("upgrade", "websocket");
        assert!(is_refused_as_foreign(&call.header(name, value).send().await));
    }
}

async fn programs_are_no_browsers(world: World) {
    let (key, bearer) = (world.key(&[Scope::Admin]).await, world.bearer(Role::Admin).await);
    let browser = world.browser(Role::Admin).await;
    let body = serde_json::json!({ "name": "" });
    for (name, value) in FOREIGN {
        for program in [&key, &bearer] {
            world.post("/api/v1/teams").by(program).header(name, value).json(&body).send().await.expect(422);
        }
        // Browsers send this one by themselves, so it proves nothing about a cookie beside it.
        let call = world.post("/api/v1/teams").by(&browser).header("authorization", "Basic YTpi");
        assert!(is_refused_as_foreign(&call.header(name, value).json(&body).send().await));
        let Caller::Key(value_of_key) = &key else { panic!() };
        // With a key the cookie counts for nothing.
        let call = world.get("/api/v1/auth/me").by(&browser).header("x-api-key", value_of_key);
        call.send().await.expect(403);
    }
}
