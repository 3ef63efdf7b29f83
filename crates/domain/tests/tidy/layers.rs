//! What each layer may mention.

use crate::source::{Source, files, none};

fn mentions(folder: &str, words: &[&str]) -> Vec<String> {
    files(folder, &[".rs"]).iter().flat_map(|source| source.mentions(words)).collect()
}

#[test]
fn platform_knows_neither_http_nor_pages() {
    let mut found = mentions("crates/platform/src", &["axum", "leptos", "StatusCode", "http::", "hyper", "tower"]);
    // The statuses of targets and of model providers are theirs: they are read, or passed on as they are.
    let of_others = ["crates/platform/src/target/fetch.rs:", "crates/platform/src/gateway/"];
    found.retain(|line| !of_others.iter().any(|place| line.starts_with(place)));
    none(found, "platform does not mention axum, Leptos or the HTTP status of an answer of ours");
}

#[test]
fn only_stores_name_entities() {
    let sources = files("crates/platform/src", &[".rs"]);
    let others = sources.iter().filter(|source| {
        let name = source.path.rsplit('/').next().unwrap();
        name != "store.rs" && !source.path.starts_with("crates/platform/src/entity/")
    });
    let mut found: Vec<_> = others.flat_map(|source| source.mentions(&["entity"])).collect();
    found.retain(|line| !line.starts_with("crates/platform/src/lib.rs:"));
    none(found, "only files called store.rs name entities");
}

#[test]
fn the_doors_know_no_database() {
    let words = ["sea_orm", "sqlx", "migration", "entity", "SELECT", "INSERT INTO", "DELETE FROM", "UPDATE"];
    let mut found = mentions("server/src", &words);
    found.extend(mentions("app/src", &words));
    // The level of what the database's library logs.
    found.retain(|line| !line.starts_with("server/src/command/log.rs:"));
    // The command that runs them, and what the status says of them.
    found.retain(|line| {
        !(line.starts_with("server/src/command/") || line.starts_with("app/src/pages/system/"))
            || !line.ends_with("mentions migration")
    });
    none(found, "app and server do not mention an entity or SQL");
}

#[test]
fn the_pure_crates_do_no_io_and_read_no_clock() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::io::stdin",
        "SystemTime::now",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "tokio",
        "reqwest",
        "sea_orm::Database",
        "thread::sleep",
    ];
    let mut found = Vec::new();
    for folder in ["crates/domain/src", "crates/metrics/src", "crates/analysis/src"] {
        found.extend(mentions(folder, &words));
    }
    none(found, "domain, metrics and analysis do no I/O and read no clock");
}

#[test]
fn one_file_reads_the_wall_clock() {
    let allowed = ["crates/platform/src/clock.rs", "server/src/fleet/faults/mod.rs", "server/src/fleet/mod.rs"];
    let mut found = Vec::new();
    for folder in ["app/src", "server/src", "crates", "migration/src", "frontend/src"] {
        let sources = files(folder, &[".rs"]);
        let others = sources
            .iter()
            .filter(|source| !allowed.contains(&source.path.as_str()) && !source.path.contains("/tests/"));
        found.extend(others.flat_map(|source| source.mentions(&["clippy::disallowed_methods"])));
    }
    none(found, "what clippy.toml forbids is forbidden here too");
}

/// The first statement of every method of the platform that takes an actor.
fn first_lines(source: &Source) -> Vec<(usize, String, String)> {
    let lines: Vec<_> = source.text.lines().collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let is_method = line.trim_start().starts_with("pub fn ") || line.trim_start().starts_with("pub async fn ");
        if !is_method {
            continue;
        }
        // The signature goes on until its body begins.
        let Some(end) = (i..lines.len()).find(|&j| lines[j].trim_end().ends_with('{')) else { continue };
        if lines[i..=end].concat().contains("actor: &Actor") {
            let first = lines.get(end + 1).copied().unwrap_or_default().trim();
            found.push((i + 1, line.trim().to_owned(), first.to_owned()));
        }
    }
    found
}

#[test]
fn a_method_with_an_actor_asks_it_first() {
    let mut found = Vec::new();
    let mut n = 0;
    for source in files("crates/platform/src", &[".rs"]) {
        for (i, method, first) in first_lines(&source) {
            n += 1;
            let asks = first.contains("actor.require(") || first.contains("actor.person()?");
            if !asks {
                found.push(format!("{}:{i} {method} begins with {first}", source.path));
            }
        }
    }
    assert!(n > 30, "the test finds methods no more");
    none(found, "a platform method that takes an actor asks it in its first line");
}

#[test]
fn pages_do_not_decide_who_may_do_what() {
    none(mentions("app/src", &["actor.require", "Actor::System"]), "nothing in app decides who may do what");
    let found = mentions("server/src/api", &["Actor::System"]);
    none(found, "a handler acts for who asks");
}
