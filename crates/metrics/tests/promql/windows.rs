//! The edges of windows, staleness, and what the outcome of a few plain cases is by hand.

use metrics::query::{ErrorKind, EvalRange, Limits, Value};
use metrics::sample::STALE_NAN;

use crate::support::{at, eval, series};

#[test]
fn the_lookback_is_closed_at_both_ends() {
    let store = [series("foo", &[], &[(0, 1.0), (600, 2.0)])];
    assert_eq!(at("foo", &store, 0), ["foo 1"]);
    assert_eq!(at("foo", &store, 300), ["foo 1"]);
    assert_eq!(at("foo", &store, 301), [""; 0]);
    assert_eq!(at("foo", &store, -1), [""; 0]);
    assert_eq!(at("foo", &store, 600), ["foo 2"]);
}

#[test]
fn windows_are_closed_at_both_ends() {
    let samples: Vec<(i64, f64)> = (0..=10).map(|i| (i * 10, i as f64)).collect();
    let store = [series("foo", &[], &samples)];
    assert_eq!(at("count_over_time(foo[20s])", &store, 50), ["{} 3"]);
    assert_eq!(at("count_over_time(foo[20s])", &store, 55), ["{} 2"]);
    assert_eq!(at("count_over_time(foo[5s])", &store, 57), [""; 0]);
}

#[test]
fn a_marker_ends_a_series_at_once() {
    let store = [series("foo", &[], &[(0, 1.0), (10, STALE_NAN), (50, 3.0)])];
    assert_eq!(at("foo", &store, 9), ["foo 1"]);
    assert_eq!(at("foo", &store, 10), [""; 0]);
    assert_eq!(at("foo", &store, 49), [""; 0]);
    assert_eq!(at("foo", &store, 50), ["foo 3"]);
    assert_eq!(at("count_over_time(foo[1m])", &store, 50), ["{} 2"]);
    assert_eq!(at("absent(foo)", &store, 20), ["{} 1"]);
}

#[test]
fn an_ordinary_nan_is_a_value() {
    let store = [series("foo", &[], &[(0, 1.0), (10, f64::NAN)])];
    assert_eq!(at("foo", &store, 10), ["foo NaN"]);
    assert_eq!(at("-foo", &store, 10), ["{} NaN"]);
    assert_eq!(at("count(foo)", &store, 10), ["{} 1"]);
    assert_eq!(at("max_over_time(foo[1m])", &store, 10), ["{} 1"]);
    // Bits that negation or abs() would turn into the staleness marker.
    let odd = f64::from_bits(STALE_NAN.to_bits() | 1 << 63);
    let store = [series("foo", &[], &[(0, odd)])];
    assert_eq!(at("-foo", &store, 0), ["{} NaN"]);
    assert_eq!(at("abs(foo)", &store, 0), ["{} NaN"]);
}

#[test]
fn counters_start_again() {
    let store = [series("foo", &[], &[(0, 10.0), (10, 20.0), (20, 5.0), (30, 15.0)])];
    // 10 + 5 (after the restart) + 10 between the samples, and the window is exactly the samples.
    assert_eq!(at("increase(foo[30s])", &store, 30), ["{} 25"]);
    assert_eq!(at("delta(foo[30s])", &store, 30), ["{} 5"]);
    assert_eq!(at("resets(foo[30s])", &store, 30), ["{} 1"]);
    assert_eq!(at("irate(foo[30s])", &store, 20), ["{} 0.5"]);
    // A restart on the older end of the window has happened before it.
    assert_eq!(at("increase(foo[10s])", &store, 30), ["{} 10"]);
}

#[test]
fn large_values_keep_a_small_spread() {
    let samples: Vec<(i64, f64)> = (0..100).map(|i| (i, 1e15 + (i % 2) as f64)).collect();
    let store = [series("foo", &[], &samples)];
    let variance = &at("scalar(stdvar_over_time(foo[100s]))", &store, 99)[0];
    assert!((variance.parse::<f64>().unwrap() - 0.25).abs() < 1e-12, "{variance}");
}

#[test]
fn a_fixed_time_stays_fixed() {
    let samples: Vec<(i64, f64)> = (0..100).map(|i| (i, i as f64)).collect();
    let store = [series("foo", &[], &samples)];
    let range = EvalRange { start_ms: 50_000, end_ms: 90_000, step_ms: 10_000 };
    let Ok(Value::Matrix(answer)) = eval("predict_linear(foo[10s] @ 20, 0)", &store, range, Limits::default()) else {
        panic!("a matrix");
    };
    let values: Vec<i64> = answer[0].samples.iter().map(|sample| sample.value.round() as i64).collect();
    assert_eq!(values, [50, 60, 70, 80, 90]);
}

#[test]
fn a_range_query_needs_something_at_each_step() {
    let range = EvalRange { start_ms: 0, end_ms: 1000, step_ms: 1000 };
    let error = eval("foo[5m]", &[], range, Limits::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Range);
    assert!(error.hint.contains("rate()"));
}

#[test]
fn ambiguous_matches_are_explained() {
    let store = [
        series("many", &[("a", "1"), ("b", "1")], &[(0, 1.0)]),
        series("many", &[("a", "1"), ("b", "2")], &[(0, 2.0)]),
        series("one", &[("a", "1")], &[(0, 10.0)]),
    ];
    assert_eq!(at("many * on (a) group_left one", &store, 0), ["{a=\"1\", b=\"1\"} 10", "{a=\"1\", b=\"2\"} 20"]);
    let [error] = &at("many * on (a) one", &store, 0)[..] else { panic!("one line") };
    assert!(error.contains("left side match {a=\"1\"}") && error.contains("group_left"), "{error}");
    let [error] = &at("one * on (a) many", &store, 0)[..] else { panic!("one line") };
    assert!(error.contains("right side of the operator match {a=\"1\"}"), "{error}");
    let [error] = &at("rate({a=\"1\"}[5m])", &store, 0)[..] else { return };
    panic!("one sample has no rate: {error}");
}

#[test]
fn one_step_ranges_become_matrices() {
    let store = [series("foo", &[], &[(0, 1.0)])];
    let instant = EvalRange::instant(0);
    for (text, n_series) in [("foo", 1), ("bar", 0), ("1", 1)] {
        let answer = eval(text, &store, instant, Limits::default()).unwrap().into_matrix();
        let Value::Matrix(series) = answer else { panic!("{text} must be a matrix") };
        assert_eq!(series.len(), n_series);
    }
}
