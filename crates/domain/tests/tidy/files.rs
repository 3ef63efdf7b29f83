//! How files look.

use crate::source::{Source, files, none};

const SOURCES: [&str; 7] = ["app", "crates", "frontend", "migration", "server", "scripts", "style"];
const MAX_LINES: usize = 500;

fn rust() -> Vec<Source> {
    SOURCES[..5].iter().flat_map(|folder| files(folder, &[".rs"])).collect()
}

#[test]
fn every_module_says_what_it_is_for() {
    let found = rust().into_iter().filter(|source| {
        let first = source.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        !first.starts_with("//! ") && !first.starts_with("#![doc = include_str!")
    });
    none(found.map(|source| source.path).collect(), "a module begins with //!");
}

#[test]
fn files_are_small() {
    let mut all = rust();
    all.extend(files("end2end", &[".ts", ".py"]));
    all.extend(files("style", &[".css"]));
    all.extend(files("frontend/browser", &[".js", ".mjs"]));
    let long = all.iter().map(|source| (source.text.lines().count(), &source.path)).filter(|(n, _)| *n > MAX_LINES);
    none(long.map(|(n, path)| format!("{path} has {n} lines")).collect(), "500 lines are the limit");
}

#[test]
fn names_say_what_is_inside() {
    let forbidden = ["util", "utils", "helper", "helpers", "common", "manager", "misc", "shared", "stuff"];
    let found = rust()
        .into_iter()
        .filter(|source| source.path.split('/').any(|part| forbidden.contains(&part.trim_end_matches(".rs"))));
    none(found.map(|source| source.path).collect(), "a name that says nothing");
}

#[test]
fn nothing_is_left_for_later_or_of_one_machine() {
    // Put together here, so that this file does not find itself.
    let words = [["TO", "DO"], ["FIX", "ME"], ["todo", "!("], ["unimplemented", "!("], ["dbg", "!("]]
        .map(|parts| parts.concat());
    let places = [["/ro", "ot/"], ["/home", "/"], ["/work", "/"], ["/tmp/", "wt"]].map(|parts| parts.concat());
    let mut all = rust();
    all.extend(files("scripts", &[""]));
    all.extend(files("docs", &[".md"]));
    all.extend(files("config", &[".toml"]));
    let mut found = Vec::new();
    for source in &all {
        for (i, line) in source.text.lines().enumerate() {
            let is_left = words.iter().any(|word| line.contains(word.as_str()));
            let is_place = places.iter().any(|place| line.contains(place.as_str()));
            if is_left || is_place {
                found.push(format!("{}:{} {}", source.path, i + 1, line.trim()));
            }
        }
    }
    none(found, "nothing is left for later, and no path of one machine");
}

#[test]
fn lints_are_expected_with_a_reason() {
    let mut found = Vec::new();
    for source in rust() {
        for (i, line) in source.text.lines().enumerate() {
            let is_silent = line.trim_start().starts_with("#[allow(") || line.trim_start().starts_with("#![allow(");
            if is_silent {
                found.push(format!("{}:{} {}", source.path, i + 1, line.trim()));
            }
        }
    }
    none(found, "#[expect(…, reason = …)] instead of #[allow]");
}
