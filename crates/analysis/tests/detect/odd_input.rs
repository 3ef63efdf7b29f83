//! Input that is not a healthy stream of numbers has a defined outcome.

use analysis::detect::{Direction, IgnoredBecause, SeriesDetector, Settings, State, Transition};

fn warmed() -> SeriesDetector {
    let mut detector = SeriesDetector::new(Settings::default());
    for i in 0..100 {
        detector.observe(i * 1_000, 50.0 + (i * 7919 % 11) as f64);
    }
    detector
}

#[test]
fn not_a_number_and_late_samples_change_nothing() {
    let mut detector = warmed();
    let before = detector.clone();
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let v = detector.observe(200_000, value);
        assert_eq!(v.state, State::Ignored(IgnoredBecause::NotANumber));
        assert_eq!(v.score, 0.0);
    }
    for time in [99_000, 0, i64::MIN] {
        assert_eq!(detector.observe(time, 50.0).state, State::Ignored(IgnoredBecause::NotLater));
    }
    assert_eq!(detector, before);
}

#[test]
fn a_constant_that_moves_by_float_noise_is_normal() {
    for level in [0.0, 1.0, -3.0e5, 1.7e12] {
        let mut detector = SeriesDetector::new(Settings::default());
        for i in 0..2_000 {
            let jitter = if i % 3 == 0 { level * 1e-12 + 1e-13 } else { 0.0 };
            let v = detector.observe(i * 5_000, level + jitter);
            assert!(v.score < 0.7, "{level}: {v:?}");
        }
    }
}

#[test]
fn a_constant_that_jumps_for_good_is_found_but_one_blip_is_not() {
    let mut detector = SeriesDetector::new(Settings::default());
    let mut seen = Vec::new();
    for i in 0..300 {
        let value = if i == 100 {
            0.0
        } else if i >= 200 {
            2.0
        } else {
            3.0
        };
        seen.push(detector.observe(i * 5_000, value));
    }
    let opened: Vec<usize> = (0..300).filter(|i| seen[*i].transition == Transition::Opened).collect();
    assert!(opened.len() == 1 && (202..=205).contains(&opened[0]), "{opened:?}");
}

#[test]
fn huge_values_stay_finite() {
    let mut detector = warmed();
    for (i, value) in
        [f64::MAX, f64::MIN, 1e300, -1e200, f64::MIN_POSITIVE, 0.0].into_iter().cycle().take(200).enumerate()
    {
        let v = detector.observe(200_000 + i as i64 * 1_000, value);
        assert!(v.score.is_finite() && v.predicted.is_finite() && v.expected_high.is_finite(), "{v:?}");
    }
}

#[test]
fn extreme_times_and_settings_do_not_panic() {
    let settings = Settings {
        min_samples: 0,
        threshold: f64::NAN,
        false_alarms_per_week: 0.0,
        expected_interval_ms: Some(-5),
        missing_after_intervals: f64::NAN,
        relative_floor: -1.0,
        absolute_floor: -1.0,
        adapt_after_ms: i64::MIN,
        ..Settings::default()
    };
    let mut detector = SeriesDetector::new(settings);
    assert!(detector.missing(0).is_none());
    for (i, time) in [i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX].into_iter().enumerate() {
        assert!(detector.observe(time, i as f64).score.is_finite());
    }
    for time in [0, i64::MAX, i64::MIN] {
        detector.missing(time);
    }
}

#[test]
fn direction_leaves_the_other_side_alone() {
    let run = |direction, fault: f64| {
        let mut detector = SeriesDetector::new(Settings { direction, ..Settings::default() });
        (0..200).any(|i| {
            let value = if i > 150 { fault } else { 100.0 + (i * 7919 % 11) as f64 };
            detector.observe(i * 1_000, value).transition == Transition::Opened
        })
    };
    assert!(run(Direction::Above, 900.0) && !run(Direction::Above, 0.0));
    assert!(run(Direction::Below, 0.0) && !run(Direction::Below, 900.0));
    assert!(run(Direction::Both, 900.0) && run(Direction::Both, 0.0));
}
