//! Sets of labels are sorted maps with one encoding, within their limits.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn set(pairs: &[(&str, &str)]) -> Labels {
    Labels::from_pairs(pairs.iter().copied()).unwrap()
}

fn limited(limits: LabelLimits, pairs: &[(&str, &str)]) -> Result<Labels, LabelError> {
    let mut builder = LabelsBuilder::default();
    for (name, value) in pairs {
        builder.push(name, value);
    }
    builder.build(&limits)
}

proptest! {
    #[test]
    fn a_set_is_a_sorted_map(map in prop::collection::btree_map("[^\\x00]{1,80}", "[^\\x00]{0,200}", 0..6), seed: u64) {
        let mut pairs: Vec<_> = map.iter().collect();
        pairs.sort_by_key(|(name, _)| xxhash_rust::xxh3::xxh3_64_with_seed(name.as_bytes(), seed));
        let labels = Labels::from_pairs(pairs).unwrap();
        let expected: Vec<_> = map.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n.as_str(), v.as_str())).collect();
        prop_assert_eq!(labels.iter().collect::<Vec<_>>(), expected);
        let stored = Labels::from_canonical(labels.as_bytes()).unwrap();
        prop_assert_eq!((stored.id(), &stored), (labels.id(), &labels));
        let json: BTreeMap<String, String> = serde_json::from_value(serde_json::to_value(&labels).unwrap()).unwrap();
        prop_assert_eq!(json.len(), labels.len());
    }

    #[test]
    fn arbitrary_bytes_are_one_set_or_none(bytes: Vec<u8>) {
        if let Ok(labels) = Labels::from_canonical(&bytes) {
            let has_nul = labels.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'));
            prop_assert!(has_nul || Labels::from_pairs(labels.iter()).unwrap() == labels);
        }
    }
}

#[test]
fn sets_can_be_changed() {
    let labels = set(&[("job", "api"), ("__name__", "up"), ("az", "b")]);
    assert_eq!(labels.to_string(), r#"up{az="b", job="api"}"#);
    assert_eq!(labels.with("job", "x").to_string(), r#"up{az="b", job="x"}"#);
    assert_eq!(labels.with("job", "").to_string(), r#"up{az="b"}"#);
    assert_eq!(labels.with("a", "1").to_string(), r#"up{a="1", az="b", job="api"}"#);
    assert_eq!(labels.without(&["__name__", "none"]).to_string(), r#"{az="b", job="api"}"#);
    assert_eq!(labels.only(&["__name__"]).to_string(), "up");
    assert_eq!((Labels::empty().to_string(), Labels::empty().is_empty()), ("{}".to_owned(), true));
    assert_eq!((labels.metric_name(), labels.get("job"), labels.get("x")), (Some("up"), Some("api"), None));
    assert!(set(&[("a", "b")]) < set(&[("a", "c")]) && set(&[("a", "z")]) < set(&[("b", "a")]));
}

#[test]
fn bad_sets_are_named() {
    let limits = LabelLimits { max_labels: 2, max_name_len: 8, max_value_len: 3, names: NameRules::Classic };
    let limited = |pairs| limited(limits, pairs);
    assert_eq!(limited(&[("a", "1"), ("a", "")]), Err(LabelError::Duplicate("a".into())));
    assert_eq!(limited(&[("", "1")]), Err(LabelError::EmptyName));
    assert_eq!(limited(&[("a-b", "1")]), Err(LabelError::BadName("a-b".into())));
    assert_eq!(limited(&[("__name__", "a.b")]), Err(LabelError::BadName("a.b".into())));
    assert_eq!(limited(&[("a", "1"), ("b", "1"), ("c", "1")]), Err(LabelError::TooMany { got: 3, max: 2 }));
    assert_eq!(limited(&[("a", "1\0")]), Err(LabelError::Nul("a".into())));
    assert_eq!(limited(&[("a", "1234")]), Err(LabelError::ValueTooLong { name: "a".into(), len: 4, max: 3 }));
    assert!(matches!(limited(&[("a23456789", "1")]), Err(LabelError::NameTooLong { len: 9, max: 8, .. })));
    assert!(limited(&[("__name__", "a:b"), ("b", "é")]).is_ok());
}

#[test]
fn bytes_in_another_form_are_no_set() {
    let error = |bytes: &[u8]| Labels::from_canonical(bytes).unwrap_err();
    assert!(Labels::from_canonical(b"\x01a\x01b").is_ok());
    assert_eq!(error(b"\x01b\x01x\x01a\x01x"), LabelError::NotCanonical("names are out of order or a value is empty"));
    assert_eq!(error(b"\x01a\x00"), LabelError::NotCanonical("names are out of order or a value is empty"));
    assert_eq!(error(b"\x01a\x41\x00b"), LabelError::NotCanonical("a length has leading zeros"));
    assert_eq!(error(b"\x01a\x02b"), LabelError::NotCanonical("a value is cut short"));
    assert_eq!(error(b"\x01a\x01\xff"), LabelError::NotUtf8);
}

#[test]
fn ids_fit_a_signed_column() {
    let id = set(&[("a", "b")]).id();
    assert_eq!((SeriesId::from_i64(id.to_i64()), SeriesId(u64::MAX).to_i64()), (id, -1));
}
