//! The failure table of `docs/gateway.md` names tests that are there.

use std::collections::BTreeSet;
use std::path::Path;

/// The cells of the table below this heading, row by row.
fn rows<'a>(text: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let section = text.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    lines.skip(2).map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn each_row_names_a_test_that_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(here.join("../../docs/gateway.md")).unwrap();
    let mut known = BTreeSet::new();
    for file in std::fs::read_dir(here.join("tests/it")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        known.extend(source.split("async fn ").skip(1).filter_map(|rest| rest.split('(').next()).map(str::to_owned));
    }
    let (mut before, mut count) = (String::new(), 0);
    for row in rows(&text, "## The failure contract") {
        let [does, .., test] = row[..] else { panic!("{row:?}") };
        assert_eq!(row.len(), 6, "{does}");
        let named: Vec<&str> = test.split('`').skip(1).step_by(2).filter(|name| !name.contains('.')).collect();
        let missing: Vec<_> = named.iter().filter(|name| !known.contains(**name)).collect();
        assert!(missing.is_empty(), "{does}: no test is called {missing:?}");
        assert!(!named.is_empty() || test.contains("same") || test.contains("both"), "{does} has no test");
        assert!(!named.is_empty() || !before.is_empty(), "{does}: the same as nothing");
        before = test.to_owned();
        count += 1;
    }
    assert!(count >= 25, "{count} rows");
}
