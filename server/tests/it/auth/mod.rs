//! Who somebody is: log-in, log-out, sessions, passwords, one-time links, the first administrator.

mod log_in;
mod password;
mod renewal;
mod session;
mod set_up;

use domain::access::Role;

use crate::support::{Answer, Caller, World};

/// Tries to log in over REST.
async fn try_log_in(world: &World, email: &str, password: &str) -> Answer {
    let body = serde_json::json!({ "email": email, "password": password });
    world.post("/api/v1/auth/login").json(&body).send().await
}

/// Whether the credentials stand for somebody.
async fn is_in(world: &World, caller: &Caller) -> bool {
    match world.get("/api/v1/auth/me").by(caller).send().await.status.as_u16() {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// The actions in the audit trail with what they were done to, newest first.
async fn trail(world: &World) -> Vec<(String, String)> {
    let admin = world.key(&[domain::access::Scope::Admin]).await;
    let body = world.get("/api/v1/audit?limit=500").by(&admin).send().await.expect(200).json();
    let entries = body["items"].as_array().unwrap();
    let text = |entry: &serde_json::Value, name: &str| entry[name].as_str().unwrap().to_owned();
    entries.iter().map(|entry| (text(entry, "action"), text(entry, "object"))).collect()
}

/// How often an action is in the audit trail.
async fn times_in_trail(world: &World, action: &str) -> usize {
    trail(world).await.iter().filter(|(name, _)| name == action).count()
}

/// Whether the person can log in with the password.
async fn opens(world: &World, role: Role, password: &str) -> bool {
    try_log_in(world, &World::email(role), password).await.status.is_success()
}
