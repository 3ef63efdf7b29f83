//! Work is bounded: each limit is reported by its name.

use metrics::query::{ErrorKind, EvalRange, Limits, Series, Value};

use crate::support::{eval, series};

const NONE: Limits = Limits { max_series: usize::MAX, max_points: usize::MAX, max_samples: 1_000_000 };

fn store(n_series: usize, n_samples: i64) -> Vec<Series> {
    let samples: Vec<(i64, f64)> = (0..n_samples).map(|i| (i, (i * 31 % 17) as f64)).collect();
    (0..n_series).map(|i| series("foo", &[("i", &i.to_string())], &samples)).collect()
}

#[track_caller]
fn limited(text: &str, store: &[Series], range: EvalRange, limits: Limits, name: &str) {
    let error = eval(text, store, range, limits).expect_err(text);
    assert_eq!(error.kind, ErrorKind::Limit, "{text}: {error}");
    assert!(error.message.contains(name) && !error.hint.is_empty(), "{text}: {error}");
}

#[test]
fn steps() {
    let range = EvalRange { start_ms: 0, end_ms: 1000, step_ms: 1 };
    limited("1", &[], range, Limits { max_points: 1000, ..NONE }, "max_points");
    assert!(eval("1", &[], range, Limits { max_points: 1001, ..NONE }).is_ok());
    limited("absent(foo)", &[], EvalRange { start_ms: 0, end_ms: 1 << 50, step_ms: 1 }, NONE, "max_samples");
}

#[test]
fn selected_series() {
    let limits = Limits { max_series: 9, ..NONE };
    limited("count(foo)", &store(10, 1), EvalRange::instant(0), limits, "max_series");
    assert!(eval("count(foo)", &store(9, 1), EvalRange::instant(0), limits).is_ok());
}

#[test]
fn series_that_the_query_makes() {
    let range = EvalRange { start_ms: 0, end_ms: 99_000, step_ms: 1000 };
    let limits = Limits { max_series: 10, ..NONE };
    limited("count_values(\"v\", foo)", &store(1, 100), range, limits, "max_series");
}

#[test]
fn samples_and_values() {
    let few = Limits { max_samples: 1000, ..NONE };
    limited("foo", &store(10, 101), EvalRange::instant(0), few, "max_samples");
    let day = EvalRange { start_ms: 0, end_ms: 86_400_000, step_ms: 1000 };
    limited("foo + foo", &store(10, 10), day, NONE, "max_samples");
    limited("max_over_time(foo[100y:1ms])", &store(1, 1), EvalRange::instant(0), NONE, "max_samples");
    limited("count_over_time(vector(1)[100y:1ms])", &[], EvalRange::instant(0), NONE, "max_samples");
    limited("absent_over_time(absent(foo)[100y:1ms])", &[], EvalRange::instant(0), NONE, "max_samples");
    // Keeping a wide window sorted costs more than sliding it.
    let wide = store(1, 100_000);
    let hour = EvalRange { start_ms: 0, end_ms: 100_000_000, step_ms: 100_000 };
    assert!(eval("max_over_time(foo[1d])", &wide, hour, NONE).is_ok());
    limited("quantile_over_time(0.5, foo[1d])", &wide, hour, NONE, "max_samples");
}

#[test]
fn the_deepest_queries_fit_a_small_stack() {
    let chain = |operator: &str| format!("foo{}", format!("{operator}foo").repeat(255));
    let texts = [
        format!("{}foo{}", "(".repeat(64), ")".repeat(64)),
        format!("{}foo", "-".repeat(256)),
        format!("{}foo{}", "abs(".repeat(64), ")".repeat(64)),
        format!("{}foo{}", "-sum(".repeat(64), ")".repeat(64)),
        chain("+"),
        chain("^"),
        chain(" and "),
    ];
    let work = move || {
        for text in texts {
            let answer = eval(&text, &store(1, 10), EvalRange::instant(0), NONE);
            assert!(matches!(answer, Ok(Value::Vector(_))), "{text}: {answer:?}");
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn selections_must_be_given() {
    let query = metrics::query::Query::parse("foo + bar").unwrap();
    let error = query.eval(&[Vec::new()], EvalRange::instant(0), NONE).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Execution);
}
