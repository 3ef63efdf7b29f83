//! Headers that every answer has, and the content policy of pages.

use std::collections::BTreeSet;

use domain::access::Role;

use crate::support::{Answer, World};

on_both_databases!(every_answer_has_the_security_headers, a_page_runs_scripts_with_its_own_nonce_only, ids_of_requests);

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
];

async fn every_answer_has_the_security_headers(world: World) {
    let browser = world.browser(Role::Viewer).await;
    let program = world.key(&[domain::access::Scope::Read]).await;
    let answers = [
        world.get("/api/v1/services").by(&program).send().await.expect(200),
        world.get("/api/v1/services").send().await.expect(401),
        world.get("/api/v1/services").header("x-api-key", "rp_x").send().await.expect(401),
        world.get("/api/v1/query?query=up").send().await.expect(401),
        world.get("/api/v1/nothing").send().await.expect(404),
        world.post("/api/v1/services").header("origin", "http://evil.example").send().await.expect(403),
        world.post("/rpc/session").body("application/json", "{}").send().await.expect(200),
        world.post("/rpc/session").body("application/json", "[").send().await.expect(400),
        world.get("/healthz").send().await.expect(200),
        world.get("/metrics").send().await.expect(200),
        world.get("/api/v1/openapi.json").send().await.expect(200),
    ];
    for answer in &answers {
        has_fixed_headers(answer);
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("server").is_none());
    }
    let pages = [
        world.get("/login").send().await.expect(200),
        world.get("/").send().await.expect(302),
        world.get("/").by(&browser).send().await.expect(200),
        world.get("/system").by(&browser).send().await.expect(403),
        world.get("/no/such/page").header("accept", "text/html").send().await.expect(404),
        world.get("/api/docs").send().await.expect(200),
    ];
    for page in &pages {
        has_fixed_headers(page);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
    }
}

fn has_fixed_headers(answer: &Answer) {
    for (name, value) in FIXED {
        assert_eq!(answer.header(name), Some(value), "{name} of {}", answer.text());
    }
}

async fn a_page_runs_scripts_with_its_own_nonce_only(world: World) {
    let mut nonces = BTreeSet::new();
    for path in ["/login", "/login", "/no/such/page", "/reset-password?token=%3Cscript%3Ealert(1)%3C/script%3E"] {
        world.person(Role::Viewer).await;
        let page = world.get(path).header("accept", "text/html").send().await;
        let policy = page.header("content-security-policy").unwrap();
        let source = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap();
        let nonce = source.strip_prefix("script-src 'nonce-").unwrap().split('\'').next().unwrap().to_owned();
        assert_eq!(source, format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"));
        assert!(nonce.len() >= 16, "{nonce}");
        let text = page.text();
        let scripts: Vec<_> = text.split("<script").skip(1).filter_map(|rest| rest.split('>').next()).collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "<script{script}> at {path}");
        }
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 4, "a nonce is used once");
}

async fn ids_of_requests(world: World) {
    let kept = world.get("/api/v1/services").header("x-request-id", "trace-0001_A").send().await.expect(401);
    assert_eq!(kept.json()["error"]["request_id"], "trace-0001_A");
    assert_eq!(kept.header("x-request-id"), Some("trace-0001_A"));
    for odd in ["short", "with space in it", "<script>alert(1)</script>", &"x".repeat(65)] {
        let answer = world.get("/api/v1/services").header("x-request-id", odd).send().await.expect(401);
        assert_ne!(answer.header("x-request-id"), Some(odd));
        answer.code();
    }
}
