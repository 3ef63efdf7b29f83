//! Faults are found quickly, reported once and closed.

use analysis::detect::{CloseReason, SeriesDetector, Settings, State, Transition, Verdict};

use crate::generate::{KINDS, Kind, healthy};

fn watch(values: &[f64], interval_ms: i64) -> Vec<Verdict> {
    let mut detector = SeriesDetector::new(Settings::default());
    (0..).zip(values).map(|(i, value)| detector.observe(i * interval_ms, *value)).collect()
}

/// Healthy values with `fault` applied from `from` to `to`.
fn with_fault(kind: Kind, seed: u64, interval_ms: i64, from: usize, to: usize, fault: fn(f64) -> f64) -> Vec<f64> {
    let mut values = healthy(kind, seed, interval_ms, to + 120);
    values[from..to].iter_mut().for_each(|v| *v = fault(*v));
    values
}

/// Samples from the fault to its alarm, over 100 series, sorted; a fault that is not found counts 60.
fn delays(kind: Kind, warm_up: usize, fault: fn(f64) -> f64) -> Vec<usize> {
    let mut delays: Vec<usize> = (0..100)
        .map(|seed| {
            let values = with_fault(kind, seed, 2_000, warm_up, warm_up + 60, fault);
            let seen = watch(&values, 2_000);
            seen[warm_up..warm_up + 60].iter().position(|v| v.state == State::Anomalous).unwrap_or(60)
        })
        .collect();
    delays.sort_unstable();
    delays
}

#[test]
fn a_latency_fault_opens_on_its_first_sample() {
    for warm_up in [40, 60, 120, 600] {
        assert_eq!(delays(Kind::DenseLatency, warm_up, |v| v + 800.0)[99], 0, "after {warm_up} samples");
    }
}

#[test]
fn faults_of_other_kinds_open_within_a_few_samples() {
    type Case = (&'static str, Kind, usize, fn(f64) -> f64, usize, usize);
    // Warm-up, then the delay that half and nine in ten of the series may need.
    let cases: [Case; 6] = [
        ("latency of a few requests", Kind::SparseLatency, 60, |v| v + 800.0, 2, 4),
        ("processor at its limit", Kind::Cpu, 1_000, |_| 98.0, 1, 12),
        ("errors", Kind::ErrorRate, 60, |v| v + 0.3, 2, 3),
        ("traffic stops, early", Kind::Traffic, 60, |_| 0.0, 4, 6),
        ("traffic stops", Kind::Traffic, 600, |_| 0.0, 2, 4),
        ("four standard deviations", Kind::Gaussian, 400, |v| v + 4.0, 4, 6),
    ];
    for (name, kind, warm_up, fault, half, most) in cases {
        let delays = delays(kind, warm_up, fault);
        println!("{name}: {} samples at half of the series, {} at nine in ten", delays[50], delays[90]);
        assert!(delays[50] <= half && delays[90] <= most, "{name}: {} and {}", delays[50], delays[90]);
    }
}

#[test]
fn one_fault_is_one_anomaly_and_it_closes_when_it_is_over() {
    for seed in 0..20 {
        let values = with_fault(Kind::DenseLatency, seed, 2_000, 200, 260, |v| v + 800.0);
        let seen = watch(&values, 2_000);
        let opened = seen.iter().filter(|v| v.transition == Transition::Opened).count();
        let closed = seen.iter().position(|v| v.transition == Transition::Closed(CloseReason::Recovered)).unwrap();
        assert_eq!(opened, 1, "seed {seed}");
        assert!((264..=285).contains(&closed), "seed {seed}: closed at {closed}");
    }
}

#[test]
fn a_level_that_stays_becomes_the_new_normal() {
    let mut values = healthy(Kind::DenseLatency, 3, 5_000, 1_500);
    values[300..].iter_mut().for_each(|v| *v += 400.0);
    let seen = watch(&values, 5_000);
    let closed: Vec<usize> =
        (0..seen.len()).filter(|i| seen[*i].transition == Transition::Closed(CloseReason::NewNormal)).collect();
    assert_eq!(closed, [660], "half an hour after the shift");
    assert!(seen[700..].iter().all(|v| v.state == State::Normal));
    assert!((seen[1_000].predicted - 500.0).abs() < 40.0);
}

#[test]
fn every_kind_of_series_is_judged_with_a_finite_verdict() {
    for kind in KINDS {
        for v in watch(&healthy(kind, 1, 60_000, 20_000), 60_000) {
            assert!(
                v.score.is_finite() && v.expected_low <= v.predicted && v.predicted <= v.expected_high,
                "{kind:?} {v:?}"
            );
        }
    }
}

#[test]
fn silence_is_found_once_and_ends_with_the_next_sample() {
    let mut detector = SeriesDetector::new(Settings::default());
    for i in 0..50 {
        detector.observe(i * 5_000, 1.0);
    }
    let last = 49 * 5_000;
    assert!(detector.missing(last + 20_000).is_none());
    assert_eq!(detector.missing(last + 40_000).map(|v| v.transition), Some(Transition::Opened));
    assert_eq!(detector.missing(last + 60_000).map(|v| v.transition), Some(Transition::Ongoing));
    assert!(detector.observe(last + 70_000, 1.0).resumed);
    assert!(!detector.observe(last + 75_000, 1.0).resumed);
    assert!(detector.missing(last + 80_000).is_none());
}
