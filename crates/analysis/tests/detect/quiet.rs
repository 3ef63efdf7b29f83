//! Healthy series stay quiet: the false-alarm budget holds on data nobody tuned the detector to.

use analysis::detect::{SeriesDetector, Settings, Transition};

use crate::generate::{KINDS, Kind, healthy};

const WEEK_MS: i64 = 7 * 86_400_000;

fn alarms(values: &[f64], interval_ms: i64) -> usize {
    let mut detector = SeriesDetector::new(Settings::default());
    (0..)
        .zip(values)
        .filter(|(i, value)| detector.observe(i * interval_ms, **value).transition == Transition::Opened)
        .count()
}

fn mean_alarms_a_week(kind: Kind, interval_ms: i64, seeds: u64) -> f64 {
    let samples = (WEEK_MS / interval_ms) as usize;
    let total: usize = (0..seeds).map(|s| alarms(&healthy(kind, s, interval_ms, samples), interval_ms)).sum();
    total as f64 / seeds as f64
}

#[test]
fn at_most_one_false_alarm_a_week_at_fifteen_seconds() {
    for kind in KINDS {
        let mean = mean_alarms_a_week(kind, 15_000, 10);
        println!("{kind:?} 15 s: {mean} alarms a week");
        assert!(mean <= 1.0, "{kind:?}: {mean} alarms a week");
    }
}

#[test]
fn at_most_one_false_alarm_a_week_at_one_and_five_seconds() {
    for (interval_ms, seeds) in [(1_000, 1), (5_000, 3)] {
        for kind in KINDS {
            let mean = mean_alarms_a_week(kind, interval_ms, seeds);
            println!("{kind:?} {interval_ms} ms: {mean} alarms a week");
            assert!(mean <= 1.0, "{kind:?} at {interval_ms} ms: {mean} alarms a week");
        }
    }
}

#[test]
fn at_most_two_false_alarms_in_the_first_hour_of_a_hundred_series() {
    for kind in KINDS {
        let total: usize = (100..200).map(|s| alarms(&healthy(kind, s, 2_000, 1_800), 2_000)).sum();
        println!("{kind:?}: {total} alarms in the first hours of 100 series");
        assert!(total <= 2, "{kind:?}: {total}");
    }
}
