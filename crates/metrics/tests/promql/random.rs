//! Whatever is typed and whatever was measured, there is an answer or an error, never a panic.

use metrics::query::{EvalRange, Limits, Query, Series};
use metrics::sample::{STALE_NAN, Sample};
use proptest::prelude::*;

use crate::support::{eval, series};

/// Enough of the language that random sequences are often queries.
const WORDS: &[&str] = &[
    "foo",
    "bar",
    "{a=\"1\"}",
    "{a=~\"1|2\"}",
    "{",
    "}",
    "(",
    ")",
    "(",
    ")",
    "[5m]",
    "[1m:10s]",
    "[",
    "]",
    "offset",
    "5m",
    "-",
    "@",
    "start()",
    "end()",
    "100",
    "+",
    "*",
    "/",
    "%",
    "^",
    "==",
    ">",
    "bool",
    "and",
    "or",
    "unless",
    "on",
    "ignoring",
    "(a)",
    "group_left",
    "group_right",
    "by",
    "without",
    "sum",
    "avg",
    "topk",
    "quantile",
    "count_values",
    "rate(foo[5m])",
    "max_over_time(",
    "predict_linear(foo[1h], 5)",
    "histogram_quantile(0.5,",
    "label_replace(foo,\"b\",\"$1\",\"a\",\"(.*)\")",
    "absent(",
    "scalar(",
    "vector(",
    "time()",
    "1",
    "0",
    "inf",
    "nan",
    "1e400",
    "0x",
    "99999999y",
    "\"text\"",
    "'",
    "`",
    "\\",
    ",",
    ":",
    "#",
    "\n",
    "é",
    "😀",
    "deriv(foo[5m])",
    "abs(",
    "hour(foo)",
    "sort(",
    "atan2",
    "stddev(",
    "fill(0)",
    "!",
    "=",
    "=~",
    "\"\\x",
    "$",
    ".",
    "_",
];

fn query() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 1..14).prop_map(|words| words.join(" "))
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        5 => -100.0..100.0,
        1 => any::<f64>(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(STALE_NAN),
        1 => Just(0.0),
    ]
}

/// Times may be anything, in any order: the store promises sorted ones, but a broken promise must not stop the process.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let near = (0_i64..2_000_000, value()).prop_map(|(ts, value)| Sample::new(ts, value));
    let far = (any::<i64>(), value()).prop_map(|(ts, value)| Sample::new(ts, value));
    prop_oneof![
        6 => prop::collection::vec(near, 0..40).prop_map(|mut samples| {
            samples.sort_by_key(|sample| sample.ts);
            samples
        }),
        1 => prop::collection::vec(far, 0..10),
    ]
}

fn store() -> impl Strategy<Value = Vec<Series>> {
    (samples(), samples(), samples()).prop_map(|(a, b, c)| {
        let with = |name, labels: &[(&str, &str)], samples| Series { samples, ..series(name, labels, &[]) };
        vec![
            with("foo", &[("a", "1"), ("le", "1")], a),
            with("foo", &[("a", "2"), ("le", "+Inf")], b),
            with("bar", &[("a", "1")], c),
        ]
    })
}

fn range() -> impl Strategy<Value = EvalRange> {
    prop_oneof![
        4 => (0_i64..2_000_000, 0_i64..500_000, 1_i64..100_000)
            .prop_map(|(start_ms, length, step_ms)| EvalRange { start_ms, end_ms: start_ms + length, step_ms }),
        1 => (any::<i64>(), any::<i64>(), any::<i64>())
            .prop_map(|(start_ms, end_ms, step_ms)| EvalRange { start_ms, end_ms, step_ms }),
    ]
}

const SMALL: Limits = Limits { max_series: 100, max_points: 1000, max_samples: 200_000 };

/// Complete queries, so that evaluation is reached every time.
const COMPLETE: &[&str] = &[
    "foo",
    "rate(foo[5m])",
    "increase(foo[10m] offset 1m)",
    "delta(foo[1h])",
    "irate(foo[1h])",
    "idelta(foo[1h])",
    "deriv(foo[20m])",
    "predict_linear(foo[20m], 1e9)",
    "quantile_over_time(scalar(bar), foo[10m])",
    "stddev_over_time(foo[10m])",
    "avg_over_time(foo[10m])",
    "sum_over_time(foo[10m])",
    "max_over_time(foo[5m:13s])",
    "changes(foo[10m])",
    "topk(scalar(bar), foo)",
    "quantile(0.5, foo)",
    "count_values(\"v\", foo)",
    "histogram_quantile(0.9, foo)",
    "foo / on (a) bar",
    "bar * on (a) group_right foo",
    "foo or on () bar",
    "foo unless bar",
    "stdvar(foo)",
    "year(foo)",
    "days_in_month(foo * 1e9)",
    "round(foo, bar)",
    "round(foo, scalar(bar))",
    "clamp(foo, scalar(bar), 5)",
    "timestamp(foo)",
    "foo @ end() offset -1h",
    "sort_desc(foo)",
    "absent_over_time(foo[1m])",
    "-foo ^ foo",
    "foo % 0",
    "label_join(foo, \"a\", \"\", \"le\")",
    "max_over_time(deriv(foo[1m])[10m:7s] @ start())",
    "foo[30m]",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        if let Err(error) = Query::parse(&text) {
            prop_assert!(error.position.is_none_or(|position| position <= text.len()), "{}", error);
        }
    }

    #[test]
    fn any_words(text in query(), store in store(), range in range()) {
        match Query::parse(&text) {
            Ok(query) => {
                prop_assert_eq!(query.text(), &text);
                eval(&text, &store, range, SMALL).ok();
            }
            Err(error) => {
                let position = error.position.unwrap_or(0);
                prop_assert!(text.is_char_boundary(position), "{}: {}", text, error);
                prop_assert!(!error.message.is_empty());
            }
        }
    }

    #[test]
    fn any_samples(text in prop::sample::select(COMPLETE), store in store(), range in range()) {
        if let Ok(answer) = eval(text, &store, range, SMALL) {
            serde_json::to_string(&answer).unwrap();
        }
    }
}
