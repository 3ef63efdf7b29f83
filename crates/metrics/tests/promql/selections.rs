//! What a query asks of the store.

use metrics::head::MatchOp;
use metrics::query::{EvalRange, Hint, Query};

const RANGE: EvalRange = EvalRange { start_ms: 1_000_000, end_ms: 2_000_000, step_ms: 10_000 };
const LOOKBACK: i64 = 300_000;

#[track_caller]
fn spans(text: &str, range: EvalRange, expected: &[(i64, i64)]) {
    let selections = Query::parse(text).unwrap().selections(range);
    let spans: Vec<(i64, i64)> = selections.iter().map(|selection| (selection.start_ms, selection.end_ms)).collect();
    assert_eq!(spans, expected, "{text}");
}

#[test]
fn spans_cover_lookback_windows_and_shifts() {
    spans("foo", RANGE, &[(700_000, 2_000_000)]);
    spans("foo", EvalRange::instant(1_000_000), &[(700_000, 1_000_000)]);
    spans("rate(foo[1m])", RANGE, &[(940_000, 2_000_000)]);
    spans("foo offset 1m", RANGE, &[(640_000, 1_940_000)]);
    spans("foo offset -1m", RANGE, &[(760_000, 2_060_000)]);
    spans("foo @ 1500", RANGE, &[(1_200_000, 1_500_000)]);
    spans("rate(foo[1m] @ end() offset 10s)", RANGE, &[(1_930_000, 1_990_000)]);
    spans("foo + rate(bar[1m])", RANGE, &[(700_000, 2_000_000), (940_000, 2_000_000)]);
    spans("1 + time()", RANGE, &[]);
}

#[test]
fn subqueries_reach_further_back() {
    // Steps of 30 s from the first multiple not before 940 s to the last not after 2000 s.
    spans("max_over_time(foo[1m:30s])", RANGE, &[(960_000 - LOOKBACK, 1_980_000)]);
    spans("max_over_time(rate(foo[2m])[1m:30s] offset 30s)", RANGE, &[(930_000 - 120_000, 1_950_000)]);
    spans("max_over_time(max_over_time(foo[1m:10s])[1m:20s])", RANGE, &[(880_000 - LOOKBACK, 2_000_000)]);
}

#[test]
fn hints_tell_what_will_be_done_with_the_samples() {
    let hints = |text: &str| -> Vec<Hint> {
        Query::parse(text).unwrap().selections(RANGE).into_iter().map(|selection| selection.hint).collect()
    };
    let hint = |function, window_ms, step_ms| Hint { function, window_ms, step_ms };
    assert_eq!(hints("max(max_over_time(foo[1h]))"), [hint(Some("max_over_time"), 3_600_000, 10_000)]);
    assert_eq!(hints("avg(foo)"), [hint(None, LOOKBACK, 10_000)]);
    assert_eq!(hints("rate(foo[5m] @ 1000)"), [hint(Some("rate"), 300_000, 0)]);
    assert_eq!(hints("max_over_time(foo[1h:1m])"), [hint(None, LOOKBACK, 60_000)]);
    assert_eq!(hints("absent_over_time(foo[1h])"), [hint(Some("absent_over_time"), 3_600_000, 10_000)]);
}

#[test]
fn matchers_are_all_there() {
    let selections = Query::parse("foo{a=\"1\",b!=\"2\",c=~\"3|4\",d!~\"5.*\"}").unwrap().selections(RANGE);
    let matchers = &selections[0].matchers;
    let parts: Vec<(&str, MatchOp, &str)> = matchers.iter().map(|m| (m.name(), m.op(), m.value())).collect();
    assert_eq!(
        parts,
        [
            ("__name__", MatchOp::Equal, "foo"),
            ("a", MatchOp::Equal, "1"),
            ("b", MatchOp::NotEqual, "2"),
            ("c", MatchOp::Regex, "3|4"),
            ("d", MatchOp::NotRegex, "5.*"),
        ]
    );
    for (matcher, yes, no) in [(1, "1", ""), (2, "", "2"), (3, "4", "34"), (4, "", "55")] {
        assert!(matchers[matcher].matches(yes) && !matchers[matcher].matches(no), "{:?}", matchers[matcher]);
    }
}

#[test]
fn braces_that_repeat_nothing_stand_for_themselves() {
    let selections = Query::parse("foo{path=~\"/users/{id}/x{2}\"}").unwrap().selections(RANGE);
    assert!(selections[0].matchers[1].matches("/users/{id}/xx"));
}

#[test]
fn impossible_ranges_still_have_selections() {
    let query = Query::parse("max_over_time(foo[1h:1m]) + foo @ end()").unwrap();
    for (start_ms, end_ms) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (0, -1)] {
        let range = EvalRange { start_ms, end_ms, step_ms: 0 };
        let data = vec![Vec::new(); query.selections(range).len()];
        assert!(query.eval(&data, range, metrics::query::Limits::default()).is_err());
    }
}
