//! The index against looking at every series.

use proptest::prelude::*;

use super::*;
use crate::SeriesId;

fn small_labels() -> impl Strategy<Value = Labels> {
    prop::collection::btree_map("[ab_]", "[xyz]{0,2}", 0..4).prop_map(|mut map| {
        map.insert("__name__".to_owned(), "m".to_owned());
        Labels::from_pairs(map).unwrap()
    })
}

fn matchers() -> impl Strategy<Value = Vec<Matcher>> {
    let op = prop::sample::select(vec![MatchOp::Equal, MatchOp::NotEqual, MatchOp::Regex, MatchOp::NotRegex]);
    let value = prop::sample::select(vec!["", "x", "y", "xy", "x|y", ".+", ".*", "x.*", "[xz]?"]);
    let matcher = ("[abc_]", op, value).prop_map(|(name, op, value)| Matcher::new(name, op, value).unwrap());
    prop::collection::vec(matcher, 0..4)
}

proptest! {
    #[test]
    fn the_index_finds_what_a_search_finds(
        sets in prop::collection::btree_set(small_labels(), 0..30),
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        matchers in matchers(),
    ) {
        let mut index = Index::default();
        let mut sets: Vec<(Labels, u32)> = sets.into_iter().map(|l| { let slot = index.insert(l.id(), l.clone()); (l, slot) }).collect();
        let mut gone = vec![];
        for at in removed {
            if !sets.is_empty() {
                gone.push(sets.swap_remove(at.index(sets.len())));
            }
        }
        index.remove(&gone.iter().map(|(_, slot)| *slot).collect::<Vec<_>>());
        // Half of what went comes back, into slots that are free now.
        for (labels, _) in gone.into_iter().step_by(2) {
            let slot = index.insert(labels.id(), labels.clone());
            sets.push((labels, slot));
        }
        let found: Vec<&Labels> = sets.iter().map(|(l, _)| l)
            .filter(|l| matchers.iter().all(|m| m.matches(l.get(m.name()).unwrap_or_default()))).collect();
        let mut ids: Vec<SeriesId> = found.iter().map(|l| l.id()).collect();
        ids.sort_unstable();
        prop_assert_eq!(index.select(&matchers), ids);
        let mut names: Vec<_> = found.iter().flat_map(|l| l.iter().map(|(n, _)| n.to_owned())).collect();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(index.label_names(&matchers), names);
        let mut values: Vec<_> = found.iter().filter_map(|l| l.get("a")).map(str::to_owned).collect();
        values.sort_unstable();
        values.dedup();
        prop_assert_eq!(index.label_values("a", &matchers), values);
    }
}

#[test]
fn expressions_match_whole_values_over_lines() {
    let matches = |pattern: &str, value| Matcher::new("a", MatchOp::Regex, pattern).unwrap().matches(value);
    assert!(matches("b|c", "c") && !matches("b|c", "bc") && matches("a.b", "a\nb"));
    assert!(!Matcher::new("a", MatchOp::NotRegex, "b.*").unwrap().matches("bc"));
    let error = Matcher::new("a", MatchOp::Regex, "(b").unwrap_err().to_string();
    assert!(error.starts_with("`(b` is not a regular expression that can be used: "), "{error}");
    assert!(Matcher::new("a", MatchOp::Regex, "(\\w{1000}){1000}").is_err());
}
