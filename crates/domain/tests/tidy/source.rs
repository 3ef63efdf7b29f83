//! The files of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 6] = ["target", "node_modules", ".git", "build", "data", "test-results"];

/// One source file.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root of the workspace, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A file of the workspace.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder of the workspace whose names end so, in the order of their paths.
pub(crate) fn files(folder: &str, ends: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root.join(folder), ends, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no {ends:?} in {folder}: the test looks in the wrong place");
    found
}

fn collect(root: &Path, folder: &Path, ends: &[&str], found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                collect(root, &path, ends, found);
            }
        } else if ends.iter().any(|end| name.ends_with(end)) {
            let path_in = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path: path_in, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

impl Source {
    /// Lines of code with their numbers: no comments, and nothing from the first test module on.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(i, line)| (i + 1, line));
        lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]")).filter_map(|(i, line)| {
            let code = line.split("//").next().unwrap_or_default();
            (!code.trim().is_empty()).then_some((i, code))
        })
    }

    /// Where code mentions one of the words, whole.
    pub(crate) fn mentions(&self, words: &[&str]) -> Vec<String> {
        let has = |line: &str, word: &str| {
            line.match_indices(word).any(|(at, _)| {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                let before = line.get(..at).unwrap_or_default().chars().next_back();
                let after = line.get(at + word.len()..).unwrap_or_default().chars().next();
                !before.is_some_and(|c| is_part(c) && word.starts_with(is_part))
                    && !after.is_some_and(|c| is_part(c) && word.ends_with(is_part))
            })
        };
        let found = self
            .code()
            .flat_map(|(i, line)| words.iter().filter(move |word| has(line, word)).map(move |word| (i, word)));
        found.map(|(i, word)| format!("{}:{i} mentions {word}", self.path)).collect()
    }
}

/// Fails with every finding, a line each.
#[track_caller]
pub(crate) fn none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn words_are_found_whole_and_outside_of_comments() {
    let text =
        "use axum::Json; // leptos\nlet axumite = 1;\n\"http::StatusCode\"\n#[cfg(test)]\nmod tests { use axum; }\n";
    let source = Source { path: "a.rs".to_owned(), text: text.to_owned() };
    let expected = ["a.rs:1 mentions axum", "a.rs:3 mentions http::StatusCode"];
    assert_eq!(source.mentions(&["axum", "leptos", "http::StatusCode"]), expected);
}
