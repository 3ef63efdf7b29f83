//! Observations per second of the default detector, a year's worth of shapes in one stream.

use analysis::detect::{SeriesDetector, Settings};

fn main() {
    divan::main();
}

fn values() -> Vec<f64> {
    let mut state = 7_u64;
    (0..100_000)
        .map(|i| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            100.0 + 20.0 * (f64::from(i) / 2_000.0).sin() + (state >> 40) as f64 / 1e6
        })
        .collect()
}

#[divan::bench(args = [5_000_i64, 60_000])]
fn observe(bencher: divan::Bencher<'_, '_>, interval_ms: i64) {
    let values = values();
    bencher.counter(divan::counter::ItemsCount::new(values.len())).bench_local(|| {
        let mut detector = SeriesDetector::new(Settings::default());
        for (i, value) in values.iter().enumerate() {
            divan::black_box(detector.observe(i as i64 * interval_ms, *value));
        }
        detector
    });
}
