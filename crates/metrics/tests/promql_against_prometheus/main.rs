//! Asks Debian's real `prometheus` and this crate the same questions about the same samples.
//!
//! The samples reach Prometheus as blocks that `promtool` makes from an OpenMetrics file, and by remote-write for what the text
//! format cannot say (staleness markers). Where the two programs are not installed, or in
//! another version, the test says so and passes.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod ours;
#[cfg(test)]
mod prometheus;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod wire;

use std::time::{Duration, Instant};

use answers::{Answer, difference};
use fixture::{END_MS, START_MS};
use metrics::query::EvalRange;

/// Instants: inside the data, on a sample, between samples, on the edge of the lookback, beyond it, and among the stale series.
const INSTANTS_MS: &[i64] = &[
    START_MS + 3_600_000,
    START_MS + 1_500_000 + 333,
    START_MS + 2_233_500,
    END_MS + 240_000,
    END_MS + 300_000,
    END_MS + 660_000,
];

/// From before the first sample to after the last; steps that do and do not divide the scrape interval.
const RANGES: &[EvalRange] = &[
    EvalRange { start_ms: START_MS - 120_000, end_ms: END_MS + 1_500_000, step_ms: 60_000 },
    EvalRange { start_ms: START_MS + 7_000, end_ms: END_MS, step_ms: 37_500 },
    EvalRange { start_ms: START_MS + 1_200_000, end_ms: START_MS + 1_800_000, step_ms: 5_000 },
];

#[test]
fn answers_are_those_of_prometheus() {
    let fixture = fixture::series();
    let Some(server) = prometheus::Prometheus::start(&fixture) else { return };
    let mut wrong = Vec::new();
    let (mut n_compared, mut n_refused, mut n_values, mut n_identical) = (0, 0, 0, 0);
    let (mut spent_here, mut spent_there) = (Duration::ZERO, Duration::ZERO);
    let instants = INSTANTS_MS.iter().map(|time| EvalRange::instant(*time));
    let ranges: Vec<EvalRange> = instants.chain(RANGES.iter().copied()).collect();
    for query in queries::all() {
        for range in &ranges {
            if !range.is_instant() && query.is_instant_only {
                continue;
            }
            let started = Instant::now();
            let expected = server.ask(query.text, *range);
            spent_there += started.elapsed();
            let started = Instant::now();
            let got = ours::ask(query.text, *range, &fixture);
            spent_here += started.elapsed();
            n_compared += 1;
            match (expected, got) {
                (Ok(expected), Ok(got)) => {
                    let ordered = query.is_ordered && range.is_instant();
                    match difference(&expected, &got, ordered) {
                        None => {
                            n_values += expected.n_values();
                            n_identical += expected.n_identical(&got);
                        }
                        Some(difference) => wrong.push(format!("{} at {range:?}: {difference}", query.text)),
                    }
                }
                (Err(_), Err(_)) => n_refused += 1,
                (Err(theirs), Ok(_)) => {
                    wrong.push(format!("{} at {range:?}: prometheus refuses: {theirs}", query.text));
                }
                (Ok(_), Err(ours)) => wrong.push(format!("{} at {range:?}: we refuse: {ours}", query.text)),
            }
        }
    }
    println!(
        "{} queries, {n_compared} evaluations ({n_refused} refused by both), {n_values} values of which {n_identical} \
         are the same text; prometheus over HTTP {spent_there:?}, here {spent_here:?}",
        queries::all().len(),
    );
    assert!(wrong.is_empty(), "{} of {n_compared} evaluations differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_values > 100_000, "the queries must have answers: {n_values} values");
}

#[test]
fn what_prometheus_refuses_is_refused() {
    let fixture = fixture::series();
    let Some(server) = prometheus::Prometheus::start(&fixture) else { return };
    let range = EvalRange::instant(INSTANTS_MS[0]);
    for text in queries::REFUSED {
        let theirs: Result<Answer, String> = server.ask(text, range);
        let ours = ours::ask(text, range, &fixture);
        assert!(theirs.is_err(), "prometheus answers {text}");
        assert!(ours.is_err(), "we answer {text}, prometheus says {theirs:?}");
    }
}
