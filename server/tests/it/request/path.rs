//! Paths that lead nowhere.

use domain::access::Scope;
use http::Method;

use crate::support::World;

on_both_databases!(a_path_that_is_not_there_is_not_found, a_method_that_is_not_there_is_named, odd_paths_are_not_found);

async fn a_path_that_is_not_there_is_not_found(world: World) {
    for path in ["/api", "/api/", "/api/v1", "/api/v2/services", "/api/v1/services/", "/rpc", "/pkg/none.js", "/.env"] {
        let refused = world.get(path).send().await.expect(404);
        assert_eq!(refused.code(), "not_found", "{path}");
    }
    // People are shown a page.
    let page = world.get("/nothing/here").header("accept", "text/html,*/*").send().await.expect(404);
    assert!(page.text().contains("There is nothing at this address"));
}

async fn a_method_that_is_not_there_is_named(world: World) {
    let admin = world.key(&[Scope::Admin]).await;
    for (method, path) in [
        (Method::PUT, "/api/v1/services"),
        (Method::POST, "/healthz"),
        (Method::DELETE, "/api/v1/query"),
        (Method::GET, "/api/v1/auth/login"),
        (Method::GET, "/rpc/log_in"),
        (Method::TRACE, "/api/v1/services"),
    ] {
        let refused = world.call(method.clone(), path).by(&admin).send().await.expect(405);
        assert_eq!(refused.code(), "method_not_allowed", "{method} {path}");
        assert!(refused.header("allow").is_some_and(|allowed| !allowed.is_empty()), "{method} {path}");
    }
    world.call(Method::HEAD, "/healthz").send().await.expect(200);
}

async fn odd_paths_are_not_found(world: World) {
    let reader = world.key(&[Scope::Read]).await;
    let names = ["%00", "%FF%FE", "%2e%2e%2f", "a%20b", "%E2%80%AE", "svc_%00", "'%20OR%201=1", &"x".repeat(5_000)];
    for name in names {
        for path in ["/api/v1/services/NAME", "/api/v1/services/NAME/detail", "/api/v1/anomalies/NAME"] {
            let refused = world.get(&path.replace("NAME", name)).by(&reader).send().await.expect(404);
            assert_eq!(refused.code(), "not_found");
        }
    }
    // A label can have any name, and one that no series has has no values.
    let answer = world.get("/api/v1/label/a%00b/values").by(&reader).send().await.expect(200);
    assert_eq!(answer.json()["data"], serde_json::json!([]));
}
