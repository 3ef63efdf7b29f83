//! How fast requests become applied batches, and what it costs in memory and bytes.
//!
//! `cargo bench -p metrics --bench ingest` prints the sizes first, then the speeds.
#![expect(clippy::print_stdout, reason = "a benchmark reports what it measured")]
#![expect(clippy::unwrap_used, reason = "a benchmark that meets an error has nothing to measure")]

use divan::{Bencher, counter::ItemsCount};
use metrics::{
    Batch, Head, HeadConfig, LabelLimits, Labels, Sample,
    head::TimeBounds,
    remote_write::{Decoder, Encoder, Limits},
};

const SERIES: usize = 10_000;
const PER_REQUEST: usize = 2_000;
const BOUNDS: TimeBounds = TimeBounds { min: 0, max: i64::MAX };
const START: i64 = 1_700_000_000_000;
const STEP: i64 = 15_000;

/// Labels as a service under Kubernetes has them.
fn labels(n: usize) -> Labels {
    let instance = format!("10.0.{}.{}:8080", n / 250 % 200, n % 250);
    let pod = format!("checkout-{:08x}-{:05x}", n / 50, n % 50);
    Labels::from_pairs([
        ("__name__", ["http_requests_total", "http_request_duration_seconds_bucket", "queue_depth"][n % 3]),
        ("job", "checkout"),
        ("namespace", "shop"),
        ("instance", &instance),
        ("pod", &pod),
        ("method", ["GET", "POST", "PUT"][n / 3 % 3]),
        ("code", ["200", "404", "500", "503"][n / 9 % 4]),
        ("series", &n.to_string()),
    ])
    .unwrap()
}

/// Counters, whole gauges, gauges with three decimals and noise, in equal parts.
fn value(n: usize, round: i64) -> f64 {
    let noise = (n as i64 * 7_919 + round * 104_729) % 1_000;
    match n % 4 {
        0 => (n as i64 + round * 50 + noise / 20) as f64,
        1 => (noise / 10) as f64,
        2 => noise as f64 / 1_000.0,
        _ => (noise as f64 + n as f64).sqrt(),
    }
}

/// The requests of one scrape of everything, compressed.
fn requests(round: i64) -> Vec<Vec<u8>> {
    let mut encoder = Encoder::default();
    let mut requests = vec![];
    for part in (0..SERIES).collect::<Vec<_>>().chunks(PER_REQUEST) {
        for n in part {
            encoder.push(&labels(*n), &[Sample::new(START + round * STEP, value(*n, round))]);
        }
        requests.push(encoder.finish().unwrap());
    }
    requests
}

/// A sender's whole way, but for the commit.
fn ingest(head: &Head, decoder: &mut Decoder, batch: &mut Batch, bytes: &mut Vec<u8>, seq: &mut u64, body: &[u8]) {
    let request = decoder.decode(body, &Limits::default()).unwrap();
    batch.clear();
    head.collect_write(&request, 1, &Labels::empty(), &LabelLimits::default(), BOUNDS, batch);
    bytes.clear();
    batch.encode(bytes);
    *seq += 1;
    assert_eq!(head.apply(*seq, batch).accepted(), PER_REQUEST as u64);
}

fn store(head: &Head) -> (usize, usize) {
    let chunks = head.sealed(usize::MAX).unwrap();
    head.confirm(&chunks);
    (chunks.iter().map(|c| c.n as usize).sum(), chunks.iter().map(|c| c.bytes.len()).sum())
}

fn main() {
    sizes();
    divan::main();
}

/// What the system says this process has in memory, in bytes; 0 where it does not say.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or_default() * 4096
}

fn sizes() {
    // What the sender's side takes is there before the head is.
    drop(requests(0));
    let before = resident();
    let head = Head::new(HeadConfig::default());
    let (mut decoder, mut batch, mut bytes, mut seq) = (Decoder::default(), Batch::default(), vec![], 0);
    let (mut wire, mut durable, mut stored) = (0, 0, (0, 0));
    for round in 0..600 {
        for body in requests(round) {
            wire += body.len();
            ingest(&head, &mut decoder, &mut batch, &mut bytes, &mut seq, &body);
            durable += bytes.len();
        }
        let (n, len) = store(&head);
        stored = (stored.0 + n, stored.1 + len);
        if [0, 119, 239, 359, 599].contains(&round) {
            let memory = head.memory();
            let (series, rss) = (memory.total() / SERIES, resident().saturating_sub(before) / SERIES);
            println!("after {} samples a series: {series} bytes a series ({rss} by the system): {memory:?}", round + 1);
        }
    }
    let n = 600 * SERIES;
    println!("bytes a sample: {:.2} on the wire, {:.2} in batches", wire as f64 / n as f64, durable as f64 / n as f64);
    println!("bytes a sample: {:.2} in chunks of 240", stored.1 as f64 / stored.0 as f64);
}

/// One request of a sender whose series are known.
#[divan::bench(sample_count = 500)]
fn decode_resolve_encode_apply(bencher: Bencher<'_, '_>) {
    let head = Head::new(HeadConfig::default());
    let (mut decoder, mut batch, mut bytes, mut seq, mut round) = (Decoder::default(), Batch::default(), vec![], 0, 0);
    let mut waiting = vec![];
    for _ in 0..2 {
        requests(round).iter().for_each(|body| ingest(&head, &mut decoder, &mut batch, &mut bytes, &mut seq, body));
        round += 1;
    }
    bencher
        .counter(ItemsCount::new(PER_REQUEST))
        .with_inputs(|| {
            if waiting.is_empty() {
                store(&head);
                waiting = requests(round);
                round += 1;
            }
            waiting.pop().unwrap()
        })
        .bench_local_refs(|body| ingest(&head, &mut decoder, &mut batch, &mut bytes, &mut seq, body));
}

/// The parts of the above.
#[divan::bench(sample_count = 300)]
fn decode_only(bencher: Bencher<'_, '_>) {
    let (body, mut decoder) = (requests(0).remove(0), Decoder::default());
    bencher.counter(ItemsCount::new(PER_REQUEST)).bench_local(|| {
        let request = decoder.decode(&body, &Limits::default()).unwrap();
        request.series().map(|s| s.samples().map(|s| s.ts).sum::<i64>()).sum::<i64>()
    });
}

#[divan::bench(sample_count = 300)]
fn collect_only(bencher: Bencher<'_, '_>) {
    let head = Head::new(HeadConfig::default());
    let (mut decoder, mut batch, mut bytes, mut seq) = (Decoder::default(), Batch::default(), vec![], 0);
    for round in 0..2 {
        requests(round).iter().for_each(|body| ingest(&head, &mut decoder, &mut batch, &mut bytes, &mut seq, body));
    }
    let body = requests(0).remove(0);
    let request = decoder.decode(&body, &Limits::default()).unwrap();
    bencher.counter(ItemsCount::new(PER_REQUEST)).bench_local(|| {
        batch.clear();
        head.collect_write(&request, 1, &Labels::empty(), &LabelLimits::default(), BOUNDS, &mut batch)
    });
}

#[divan::bench(sample_count = 300)]
fn encode_only(bencher: Bencher<'_, '_>) {
    let (mut batch, mut bytes) = (Batch::default(), vec![]);
    (0..PER_REQUEST).for_each(|n| batch.push(labels(n).id(), Sample::new(START, value(n, 0))));
    bencher.counter(ItemsCount::new(PER_REQUEST)).bench_local(|| {
        bytes.clear();
        batch.encode(&mut bytes);
    });
}

#[divan::bench(sample_count = 300)]
fn decode_batch(bencher: Bencher<'_, '_>) {
    let (mut batch, mut bytes) = (Batch::default(), vec![]);
    (0..PER_REQUEST).for_each(|n| batch.push(labels(n).id(), Sample::new(START, value(n, 0))));
    batch.encode(&mut bytes);
    bencher.counter(ItemsCount::new(PER_REQUEST)).bench_local(|| Batch::decode(&bytes).unwrap());
}
