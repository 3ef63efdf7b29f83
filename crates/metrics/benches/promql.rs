//! How fast queries are answered: a day at 15 s steps over 100 series that are scraped every 15 s.
//!
//! `cargo bench -p metrics --bench promql`
#![expect(clippy::unwrap_used, reason = "a benchmark that meets an error has nothing to measure")]

use divan::{Bencher, counter::ItemsCount};
use metrics::query::{EvalRange, Limits, Query, Series};
use metrics::{Labels, Sample};

const START_MS: i64 = 1_700_000_000_000;
const STEP_MS: i64 = 15_000;
const STEPS: i64 = 24 * 3600 / 15;
const SERIES: i64 = 100;

const QUERIES: [&str; 12] = [
    "requests_total",
    "rate(requests_total[5m])",
    "sum by (job) (rate(requests_total[5m]))",
    "requests_total / requests_total",
    "requests_total / on (job) group_left () sum by (job) (requests_total)",
    "max_over_time(requests_total[1h])",
    "avg_over_time(requests_total[1d])",
    "stddev_over_time(requests_total[1h])",
    "quantile_over_time(0.9, requests_total[1h])",
    "deriv(requests_total[1h])",
    "histogram_quantile(0.9, rate(requests_total[5m]))",
    "max_over_time(rate(requests_total[5m])[1h:1m])",
];

/// Two days of counters that restart now and then; ten of them at a time make a histogram.
fn counters() -> Vec<Series> {
    let bounds = ["0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "+Inf"];
    (0..SERIES)
        .map(|s| {
            let (instance, job, le) = (format!("i{}", s / 10), format!("j{}", s / 50), bounds[(s % 10) as usize]);
            let pairs = [("__name__", "requests_total"), ("instance", &instance), ("job", &job), ("le", le)];
            let mut total = 0.0;
            let samples = (-STEPS..=STEPS).map(|i| {
                total = if i % 997 == 0 { 0.0 } else { total + ((i * 7919 + s * 31).rem_euclid(101)) as f64 };
                Sample::new(START_MS + i * STEP_MS, total)
            });
            Series { samples: samples.collect(), labels: Labels::from_pairs(pairs).unwrap() }
        })
        .collect()
}

#[divan::bench(args = QUERIES)]
fn a_day_of_100_series(bencher: Bencher<'_, '_>, text: &str) {
    let range = EvalRange { start_ms: START_MS, end_ms: START_MS + STEPS * STEP_MS, step_ms: STEP_MS };
    let query = Query::parse(text).unwrap();
    let data: Vec<Vec<Series>> = query.selections(range).iter().map(|_| counters()).collect();
    bencher
        .counter(ItemsCount::new((SERIES * (STEPS + 1)) as usize))
        .bench(|| query.eval(&data, range, Limits::default()).unwrap());
}

#[divan::bench]
fn parse() -> Query {
    Query::parse("sum by (job) (rate(requests_total{job=~\"a|b\"}[5m])) / on (job) group_left (team) owners > 0.5")
        .unwrap()
}

fn main() {
    divan::main();
}
