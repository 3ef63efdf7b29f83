//! How small chunks are, and how fast they are made and read.
//!
//! `cargo bench -p metrics --bench chunks` prints the sizes first, then the speeds.
#![expect(clippy::print_stdout, reason = "a benchmark reports what it measured")]
#![expect(clippy::unwrap_used, reason = "a benchmark that meets an error has nothing to measure")]

use divan::{Bencher, counter::ItemsCount};
use metrics::{Sample, chunk, exposition, rollup};

const KINDS: [&str; 7] = ["constant", "counter", "integers", "decimals", "float counter", "random", "stale gaps"];

/// A generator without a seed from outside, so that figures can be compared.
fn noise(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn samples(kind: &str, n: usize, jitter: bool) -> Vec<Sample> {
    let (mut state, mut counter, mut seconds) = (7_u64, 1_000_000_u64, 0.0);
    (0..n)
        .map(|i| {
            let r = noise(&mut state);
            counter += 40 + r % 30;
            seconds += ((r % 1_000) as f64).sqrt();
            let value = match kind {
                "constant" => 42.0,
                "counter" => counter as f64,
                "integers" => (r % 100) as f64,
                "decimals" => 20.0 + (r % 3_000) as f64 / 1_000.0,
                "float counter" => seconds,
                "random" => {
                    f64::from_bits(0x3ff0_0000_0000_0000 | (noise(&mut state) << 31 | r) & 0x000f_ffff_ffff_ffff)
                }
                _ if i % 50 == 49 => metrics::sample::STALE_NAN,
                _ => (r % 100) as f64,
            };
            let late = if jitter { (noise(&mut state) % 5) as i64 } else { 0 };
            Sample::new(1_700_000_000_000 + i as i64 * 15_000 + late, value)
        })
        .collect()
}

fn main() {
    println!(
        "bytes a sample      240 even   240 with 5 ms of jitter   5760 with jitter   5-minute buckets of 5760, a bucket"
    );
    for kind in KINDS {
        let size = |n, jitter| chunk::encode(&samples(kind, n, jitter)).unwrap().bytes.len() as f64 / n as f64;
        let buckets = rollup::downsample(&samples(kind, 5_760, true), rollup::FIVE_MINUTES);
        let bucket = rollup::encode(&buckets).unwrap().len() as f64 / buckets.len() as f64;
        println!(
            "{kind:<18} {:>9.2} {:>25.2} {:>18.2} {bucket:>36.2}",
            size(240, false),
            size(240, true),
            size(5_760, true)
        );
    }
    divan::main();
}

#[divan::bench(args = KINDS)]
fn encode_240(bencher: Bencher<'_, '_>, kind: &str) {
    let samples = samples(kind, 240, true);
    bencher.counter(ItemsCount::new(240_usize)).bench(|| chunk::encode(&samples).unwrap());
}

#[divan::bench(args = KINDS)]
fn decode_240(bencher: Bencher<'_, '_>, kind: &str) {
    let bytes = chunk::encode(&samples(kind, 240, true)).unwrap().bytes;
    bencher.counter(ItemsCount::new(240_usize)).bench(|| {
        let mut out = Vec::with_capacity(240);
        chunk::decode(&bytes, &mut out).unwrap();
        out
    });
}

#[divan::bench]
fn parse_text(bencher: Bencher<'_, '_>) {
    let body: String = (0..1_000)
        .map(|n| format!("http_requests_total{{method=\"GET\",code=\"200\",path=\"/api/v1/items/{n}\"}} {n}.25\n"))
        .collect();
    let options = exposition::Options::new(exposition::Format::PrometheusText);
    bencher
        .counter(ItemsCount::new(1_000_usize))
        .bench(|| exposition::parse(body.as_bytes(), &options, |item| drop(divan::black_box(item))).unwrap());
}
