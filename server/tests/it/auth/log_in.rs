//! Logging in, and what slows guessing down.

use std::net::SocketAddr;

use domain::access::Role;
use domain::user::{CreateUser, UpdateUser};
use http::StatusCode;
use platform::actor::Actor;

use super::{is_in, trail, try_log_in};
use crate::support::{Caller, PASSWORD, World};

on_both_databases!(
    a_log_in_answers_with_a_token_and_a_cookie,
    over_https_the_cookie_is_secure,
    the_answer_does_not_tell_which_part_was_wrong,
    guessing_is_slowed_down_by_e_mail,
    guessing_is_slowed_down_by_address,
    the_wait_survives_a_restart,
    what_cannot_be_an_e_mail_is_just_wrong,
);

async fn a_log_in_answers_with_a_token_and_a_cookie(world: World) {
    world.person(Role::Viewer).await;
    let answer = try_log_in(&world, " VIEWER@example.com ", PASSWORD).await.expect(200);
    let body = answer.json();
    let token = body["token"].as_str().unwrap();
    assert_eq!(
        answer.cookies(),
        [format!("bellwether_session={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400")]
    );
    let expires_at: domain::Time = body["expires_at"].as_str().unwrap().parse().unwrap();
    assert_eq!((expires_at - world.platform.now()).num_seconds(), 86_400);
    assert_eq!(body["user"]["email"], "viewer@example.com");
    assert!(!answer.text().contains("argon2"), "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    for caller in [Caller::Bearer(token.to_owned()), Caller::Cookie(token.to_owned())] {
        let me = world.get("/api/v1/auth/me").by(&caller).send().await.expect(200).json();
        assert_eq!(me["role"], "viewer");
        assert_eq!(me["last_login_at"], body["user"]["last_login_at"]);
    }
    assert_eq!(trail(&world).await[1], ("auth.logged_in".to_owned(), "viewer@example.com".to_owned()));
}

async fn over_https_the_cookie_is_secure(_: World) {
    let world = World::start_with("sqlite::memory:", &[("SERVER__PUBLIC_URL", "https://bellwether.example")]).await;
    world.person(Role::Viewer).await;
    let answer = try_log_in(&world, "viewer@example.com", PASSWORD).await.expect(200);
    let cookie = answer.cookies()[0].to_owned();
    assert!(cookie.starts_with("__Host-bellwether_session=ey"), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400; Secure"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    world.get("/api/v1/auth/me").header("cookie", pair).send().await.expect(200);
    // The plain name, which a neighbouring host could set, counts for nothing here.
    let plain = pair.trim_start_matches("__Host-");
    world.get("/api/v1/auth/me").header("cookie", plain).send().await.expect(401);
    world.platform.finish_stop().await;
}

async fn the_answer_does_not_tell_which_part_was_wrong(world: World) {
    world.person(Role::Admin).await;
    let disabled = world.person(Role::Viewer).await;
    let change = UpdateUser { is_disabled: Some(true), ..UpdateUser::default() };
    world.platform.users().update(&Actor::System, disabled, change).await.unwrap();
    let without_password = CreateUser {
        email: "new@example.com".to_owned(),
        name: String::new(),
        role: Role::Viewer,
        password: None,
        team_id: None,
    };
    world.platform.users().create(&Actor::System, without_password).await.unwrap();

    let tries = [
        ("nobody@example.com", PASSWORD),
        ("admin@example.com", "wrong password"),
        ("viewer@example.com", PASSWORD),
        ("new@example.com", ""),
        ("", ""),
    ];
    let mut answers = Vec::new();
    for (email, password) in tries {
        let answer = try_log_in(&world, email, password).await.expect(401);
        assert!(answer.cookies().is_empty());
        assert_eq!(answer.code(), "not_authenticated");
        let mut body = answer.json();
        body["error"]["request_id"].take();
        answers.push(body);
    }
    assert!(answers.iter().all(|body| *body == answers[0]), "{answers:?}");
    let trail = trail(&world).await;
    let failed: Vec<_> = trail.iter().filter(|(action, _)| action == "auth.login_failed").collect();
    assert_eq!(failed.len(), tries.len());
    assert!(tries.iter().all(|(email, _)| failed.iter().any(|(_, object)| object == email)), "{failed:?}");
    assert!(!format!("{trail:?}").contains("wrong password"));
}

async fn guessing_is_slowed_down_by_e_mail(world: World) {
    world.person(Role::Viewer).await;
    for email in ["viewer@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            try_log_in(&world, email, "wrong password").await.expect(401);
        }
        let refused = try_log_in(&world, email, PASSWORD).await.expect(429);
        assert_eq!((refused.code(), refused.header("retry-after")), ("rate_limited".to_owned(), Some("1")));
        assert!(refused.header("ratelimit-limit").is_none(), "it was no key");
    }
    // The same at the other door, which is made for forms.
    let form = "input[email]=viewer@example.com&input[password]=x";
    let refused = world.post("/rpc/log_in").form(form).send().await.expect(429);
    assert_eq!(refused.header("retry-after"), Some("1"));
    world.pass(1);
    try_log_in(&world, "viewer@example.com", PASSWORD).await.expect(200);
    // The count starts anew after a success.
    try_log_in(&world, "viewer@example.com", "wrong password").await.expect(401);
    try_log_in(&world, "viewer@example.com", PASSWORD).await.expect(200);
}

async fn guessing_is_slowed_down_by_address(world: World) {
    let from: SocketAddr = "198.51.100.7:1".parse().unwrap();
    let log_in = |email: String| {
        let body = serde_json::json!({ "email": email, "password": "wrong password" });
        world.post("/api/v1/auth/login").from(from).json(&body).send()
    };
    for i in 0..20 {
        log_in(format!("{i}@example.com")).await.expect(401);
    }
    log_in("another@example.com".to_owned()).await.expect(429);
    try_log_in(&world, "another@example.com", "wrong password").await.expect(401);
    // A header that anybody can send changes nothing.
    let body = serde_json::json!({ "email": "x@example.com", "password": "wrong password" });
    let spoofed = world.post("/api/v1/auth/login").from(from).header("x-forwarded-for", "203.0.113.9").json(&body);
    spoofed.send().await.expect(429);
}

async fn the_wait_survives_a_restart(world: World) {
    for _ in 0..6 {
        try_log_in(&world, "viewer@example.com", "wrong password").await;
    }
    let again = world.restarted().await;
    assert_eq!(try_log_in(&again, "viewer@example.com", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    again.platform.finish_stop().await;
}

async fn what_cannot_be_an_e_mail_is_just_wrong(world: World) {
    for email in ["\0", "a\0@example.com", "\u{202e}", &"x".repeat(100_000), "' OR 1=1 --", "é@ü"] {
        try_log_in(&world, email, PASSWORD).await.expect(401);
    }
    world.person(Role::Viewer).await;
    try_log_in(&world, "viewer@example.com", &"x".repeat(1_000_000)).await.expect(401);
    try_log_in(&world, "viewer@example.com", "correct horse\0battery").await.expect(401);
    assert!(!is_in(&world, &Caller::Cookie(String::new())).await);
}
