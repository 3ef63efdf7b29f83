//! What must hold for any series: units do not matter, restarts do not matter, bad samples do not matter.

use analysis::detect::{SeriesDetector, Settings, Verdict};
use proptest::prelude::*;

use crate::generate::{KINDS, Kind, healthy};

/// No absolute or relative floor, so that only shape counts.
fn unit_free() -> Settings {
    Settings { absolute_floor: 0.0, relative_floor: 0.0, ..Settings::default() }
}

fn watch(values: &[f64], settings: &Settings) -> Vec<Verdict> {
    let mut detector = SeriesDetector::new(settings.clone());
    (0..).zip(values).map(|(i, value)| detector.observe(i * 300_000, *value)).collect()
}

/// Kinds without ties: in the others a rounding error decides on which side of the median a value lies.
const CONTINUOUS: [Kind; 5] = [Kind::SparseLatency, Kind::DenseLatency, Kind::Cpu, Kind::Memory, Kind::Gaussian];

fn series() -> impl Strategy<Value = Vec<f64>> {
    series_of(&KINDS)
}

fn series_of(kinds: &'static [Kind]) -> impl Strategy<Value = Vec<f64>> {
    (0..kinds.len(), 0..1_000_u64, 40..1_500_usize, any::<prop::sample::Index>(), -5.0..5.0_f64).prop_map(
        move |(kind, seed, len, at, jump)| {
            let mut values = healthy(kinds[kind], seed, 300_000, len);
            let from = at.index(len);
            values[from..].iter_mut().for_each(|v| *v += jump * 10.0);
            values
        },
    )
}

fn same_scores(a: &[Verdict], b: &[Verdict]) -> Result<(), TestCaseError> {
    for (x, y) in a.iter().zip(b) {
        prop_assert!((x.score - y.score).abs() <= 1e-3 * (1.0 + x.score), "{} against {}", x.score, y.score);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_change_of_unit_changes_no_score(values in series(), exponent in -20..20_i32) {
        let scaled: Vec<f64> = values.iter().map(|v| v * 2.0_f64.powi(exponent)).collect();
        same_scores(&watch(&values, &unit_free()), &watch(&scaled, &unit_free()))?;
    }

    #[test]
    fn a_shift_changes_no_score(values in series_of(&CONTINUOUS), shift in -1_000..1_000_i32) {
        let shifted: Vec<f64> = values.iter().map(|v| v + f64::from(shift)).collect();
        let settings = Settings { absolute_floor: 0.1, seasonal: false, ..unit_free() };
        same_scores(&watch(&values, &settings), &watch(&shifted, &settings))?;
    }

    #[test]
    fn a_restart_changes_no_verdict(values in series(), at in any::<prop::sample::Index>()) {
        let cut = at.index(values.len());
        let whole = watch(&values, &Settings::default());
        let mut detector = SeriesDetector::new(Settings::default());
        for (i, value) in values.iter().enumerate() {
            if i == cut {
                let kept = serde_json::to_string(&detector).unwrap();
                detector = serde_json::from_str(&kept).unwrap();
            }
            prop_assert_eq!(detector.observe(i as i64 * 300_000, *value), whole[i]);
        }
    }

    #[test]
    fn bad_samples_between_good_ones_change_no_verdict(values in series(), every in 1..7_usize) {
        let clean = watch(&values, &Settings::default());
        let mut detector = SeriesDetector::new(Settings::default());
        for (i, value) in values.iter().enumerate() {
            let time = i as i64 * 300_000;
            if i % every == 0 {
                detector.observe(time, f64::NAN);
            }
            prop_assert_eq!(detector.observe(time, *value), clean[i]);
            detector.observe(time - 300_000, 1e9);
            detector.observe(time, -1e9);
        }
    }

    #[test]
    fn a_future_that_is_cut_off_changes_no_verdict(values in series(), at in any::<prop::sample::Index>()) {
        let cut = at.index(values.len());
        let whole = watch(&values, &Settings::default());
        prop_assert_eq!(&watch(&values[..cut], &Settings::default())[..], &whole[..cut]);
    }

    #[test]
    fn any_numbers_at_all_give_finite_scores(values in prop::collection::vec(any::<f64>(), 0..300)) {
        for v in watch(&values, &Settings::default()) {
            prop_assert!(v.score.is_finite() && v.score >= 0.0);
        }
    }
}
