//! Who may use whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{none, read, root};

/// Each crate of the workspace with those of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("crates/domain", &[]),
    ("crates/metrics", &[]),
    ("crates/analysis", &[]),
    ("crates/gateway", &["domain"]),
    ("migration", &[]),
    ("crates/platform", &["domain", "metrics", "analysis", "gateway", "migration"]),
    ("app", &["domain", "platform"]),
    ("frontend", &["app"]),
    ("server", &["app", "domain", "gateway", "metrics", "platform"]),
];

/// Crates of others that a layer is there to do without.
const WITHOUT: &[(&str, &[&str])] = &[
    ("crates/domain", &["tokio", "reqwest", "axum", "leptos", "sqlx", "rand", "tracing"]),
    ("crates/metrics", &["tokio", "reqwest", "axum", "leptos", "sea-orm", "sqlx", "tracing"]),
    ("crates/analysis", &["tokio", "reqwest", "axum", "leptos", "sea-orm", "sqlx", "tracing"]),
    ("crates/gateway", &["axum", "leptos", "sea-orm", "sqlx"]),
    ("crates/platform", &["axum", "leptos", "leptos_axum", "tower", "tower-http", "sqlx"]),
    ("app", &["sea-orm", "sqlx", "sea-orm-migration", "reqwest"]),
    ("server", &["sea-orm", "sqlx", "sea-orm-migration"]),
    ("frontend", &["domain", "platform", "tokio", "axum"]),
];

/// The names under `[dependencies]` of a manifest, and those of them that are optional.
fn dependencies(folder: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let manifest = read(&format!("{folder}/Cargo.toml"));
    let (mut all, mut optional, mut is_inside) = (BTreeSet::new(), BTreeSet::new(), false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_inside = line == "[dependencies]" || line.starts_with("[target.") && line.ends_with(".dependencies]");
            let one = line.strip_prefix("[dependencies.").and_then(|rest| rest.strip_suffix(']'));
            all.extend(one.map(str::to_owned));
        } else if let (true, Some((name, rest))) = (is_inside, line.split_once(['.', ' ', '='])) {
            if name.starts_with('#') || name.is_empty() {
                continue;
            }
            all.insert(name.to_owned());
            if rest.contains("optional = true") {
                optional.insert(name.to_owned());
            }
        }
    }
    (all, optional)
}

fn ours() -> BTreeMap<String, &'static [&'static str]> {
    ARROWS.iter().map(|(folder, may)| (folder.rsplit('/').next().unwrap().to_owned(), *may)).collect()
}

#[test]
fn every_crate_has_its_arrows() {
    let mut members = BTreeSet::from(["app", "frontend", "server", "migration"].map(str::to_owned));
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        members.insert(format!("crates/{}", entry.unwrap().file_name().to_string_lossy()));
    }
    let said: BTreeSet<_> = ARROWS.iter().map(|(folder, _)| (*folder).to_owned()).collect();
    assert_eq!(said, members, "say in this file what a new crate may use");
    assert!(read("Cargo.toml").contains(r#"members = ["app", "frontend", "server", "migration", "crates/*"]"#));
}

#[test]
fn crates_use_only_those_below_them() {
    let ours = ours();
    let mut found = Vec::new();
    for (folder, may) in ARROWS {
        let (used, _) = dependencies(folder);
        let wrong = used.iter().filter(|name| ours.contains_key(*name) && !may.contains(&name.as_str()));
        found.extend(wrong.map(|name| format!("{folder}/Cargo.toml uses {name}")));
    }
    none(found, "an arrow that ARCHITECTURE.md does not have");
}

#[test]
fn layers_do_without_what_they_are_there_to_keep_out() {
    let mut found = Vec::new();
    for (folder, without) in WITHOUT {
        let (used, _) = dependencies(folder);
        found.extend(
            used.iter().filter(|name| without.contains(&name.as_str())).map(|name| format!("{folder} uses {name}")),
        );
    }
    // The words of the domain are column types where the platform asks for it, and nowhere else.
    found.retain(|line| line != "crates/domain uses sea-orm");
    none(found, "a crate that does not belong there");
}

#[test]
fn the_browser_gets_nothing_of_the_server() {
    let (_, optional) = dependencies("app");
    for server_only in ["axum", "http", "leptos_axum", "platform", "tracing"] {
        assert!(optional.contains(server_only), "{server_only} must be optional in app/Cargo.toml");
    }
    let hydrate = read("app/Cargo.toml");
    let hydrate = hydrate.split("hydrate = [").nth(1).unwrap().split(']').next().unwrap();
    assert!(!hydrate.contains("platform") && !hydrate.contains("axum"), "{hydrate}");
    let (_, optional) = dependencies("crates/domain");
    assert!(optional.contains("sea-orm") && optional.contains("utoipa"));
    assert!(read("app/src/lib.rs").contains("compile_error!"), "both features together must not compile");
}

#[test]
fn versions_are_named_once() {
    let mut found = Vec::new();
    for (folder, _) in ARROWS {
        let manifest = read(&format!("{folder}/Cargo.toml"));
        let inside = manifest.lines().skip_while(|line| !line.contains("dependencies]"));
        let named = inside.filter(|line| line.contains("path = \"../") || line.contains("git = "));
        found.extend(named.map(|line| format!("{folder}/Cargo.toml: {line}")));
    }
    none(found, "dependencies are named in the workspace's Cargo.toml");
}
