//! The migrations and the rows.

use crate::source::{files, none, read};

#[test]
fn migrations_are_numbered_and_all_of_them_run() {
    let list = read("migration/src/lib.rs");
    let sources = files("migration/src", &[".rs"]);
    let names: Vec<_> = sources
        .iter()
        .filter_map(|source| source.path.strip_prefix("migration/src/")?.strip_suffix(".rs"))
        .filter(|name| *name != "lib")
        .collect();
    let (mut at, mut last) = (0, 0);
    for name in names {
        let digits = name.strip_prefix('m').and_then(|rest| rest.split('_').next()).filter(|digits| digits.len() == 4);
        let number: u32 =
            digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("{name} has no number"));
        assert!(number > last, "{name} has the number of another one");
        last = number;
        let here = list.find(&format!("Box::new({name}::Migration)"));
        let here = here.unwrap_or_else(|| panic!("{name} is not in migration/src/lib.rs"));
        assert!(here > at, "{name} runs in the order of its number");
        at = here;
    }
}

#[test]
fn every_table_has_an_entity_and_the_other_way_round() {
    let word = |text: &str, before: &str| -> Vec<String> {
        text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let mut tables: Vec<_> = files("migration/src", &[".rs"])
        .iter()
        .flat_map(|source| {
            let created = source.text.split("Table::create()").skip(1);
            created.filter_map(|rest| word(rest, ".table(\"").into_iter().next()).collect::<Vec<_>>()
        })
        .collect();
    let entities = files("crates/platform/src/entity", &[".rs"]);
    let mut named: Vec<_> = entities.iter().flat_map(|source| word(&source.text, "table_name = \"")).collect();
    // The one row that says who serves is taken by the database's own handle, before there is anything to hand out.
    let claimed =
        files("crates/platform/src/database", &[".rs"]).iter().any(|source| source.text.contains("FROM claim"));
    tables.retain(|table| table != "claim" || !claimed);
    tables.sort();
    named.sort();
    assert_eq!(tables, named);
    let list = read("crates/platform/src/entity/mod.rs");
    let missing = entities.iter().filter_map(|source| {
        let name = source.path.rsplit('/').next().unwrap().trim_end_matches(".rs");
        (name != "mod" && !list.contains(&format!("mod {name};"))).then(|| source.path.clone())
    });
    none(missing.collect(), "an entity that is not in mod.rs");
}
