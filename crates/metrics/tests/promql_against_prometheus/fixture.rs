//! The samples both sides get: counters that restart, gauges, histograms, gaps, odd values, series that come and go.
//! Everything is computed from fixed seeds.

use metrics::labels::Labels;
use metrics::query::Series;
use metrics::sample::{STALE_NAN, Sample};

/// First sample; not a multiple of any step used.
pub(crate) const START_MS: i64 = 1_700_000_010_000;
/// Time of the last scrape. What is later than a scrape interval after it ends with staleness markers.
pub(crate) const END_MS: i64 = START_MS + 2 * 3_600_000;
pub(crate) const SCRAPE_MS: i64 = 15_000;

/// A fixed sequence of numbers in [0, 1) (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::from_pairs(pairs.iter().copied()).unwrap()
}

fn scrapes() -> impl Iterator<Item = i64> {
    (0..=(END_MS - START_MS) / SCRAPE_MS).map(|i| START_MS + i * SCRAPE_MS)
}

/// One value per scrape, or none; `jitter_ms` moves each scrape by up to that much, in eighths of a second: those are
/// exact in binary, so that seconds in a text are read back as the same milliseconds.
fn scraped(
    pairs: &[(&str, &str)],
    seed: u64,
    jitter_ms: i64,
    mut value: impl FnMut(i64, &mut Numbers) -> Option<f64>,
) -> Series {
    let mut numbers = Numbers(seed);
    let mut samples = Vec::new();
    for time in scrapes() {
        let moved = time + (numbers.next() * jitter_ms as f64) as i64 / 125 * 125;
        if let Some(value) = value((time - START_MS) / SCRAPE_MS, &mut numbers) {
            samples.push(Sample::new(moved, value));
        }
    }
    Series { labels: labels(pairs), samples }
}

fn counters() -> Vec<Series> {
    let mut all = Vec::new();
    let mut seed = 1;
    for (job, instance) in [("api", "a:1"), ("api", "b:1"), ("web", "c:1"), ("web", "d:1")] {
        for code in ["200", "500"] {
            seed += 1;
            let mut total = 0.0;
            let resets_every = if instance == "b:1" { 97 } else { 1_000_000 };
            let pairs = [("__name__", "http_requests_total"), ("job", job), ("instance", instance), ("code", code)];
            all.push(scraped(&pairs, seed, if job == "web" { 900 } else { 0 }, |i, numbers| {
                total = if i % resets_every == resets_every - 1 { 0.0 } else { total };
                total += if code == "200" { (numbers.next() * 50.0).floor() } else { (numbers.next() * 1.2).floor() };
                // The last instance is down for twelve minutes.
                (instance != "d:1" || !(200..248).contains(&i)).then_some(total)
            }));
        }
    }
    let mut large = 1e15;
    all.push(scraped(&[("__name__", "large_total"), ("job", "api")], 90, 0, |_, numbers| {
        large += numbers.next() * 3.0;
        Some(large)
    }));
    all
}

fn gauges() -> Vec<Series> {
    let mut all = Vec::new();
    for (seed, (job, instance)) in
        [("api", "a:1"), ("api", "b:1"), ("web", "c:1"), ("web", "d:1")].into_iter().enumerate()
    {
        let mut level = 1e8;
        let pairs = [("__name__", "memory_bytes"), ("job", job), ("instance", instance)];
        all.push(scraped(&pairs, 100 + seed as u64, 400, |i, numbers| {
            level += (numbers.next() - 0.48) * 1e6;
            (instance != "c:1" || !(100..160).contains(&i)).then_some(level.round())
        }));
        let pairs = [("__name__", "temperature_celsius"), ("job", job), ("room", instance)];
        all.push(scraped(&pairs, 200 + seed as u64, 0, |i, numbers| {
            Some(match i % 83 {
                41 if instance == "b:1" => f64::NAN,
                42 if instance == "c:1" => f64::INFINITY,
                43 if instance == "c:1" => f64::NEG_INFINITY,
                _ => (numbers.next() * 40.0 - 15.0 + (i as f64 / 20.0).sin() * 10.0 * 100.0).round() / 100.0,
            })
        }));
        all.push(scraped(&[("__name__", "limit_bytes"), ("job", job), ("instance", instance)], 300, 0, |_, _| {
            Some(1.25e8)
        }));
    }
    all.push(scraped(&[("__name__", "steps"), ("kind", "square")], 400, 0, |i, _| Some((i / 7 % 3) as f64)));
    all.push(scraped(&[("__name__", "constant"), ("kind", "level")], 401, 0, |_, _| Some(0.1)));
    all.push(scraped(&[("__name__", "event_seconds"), ("kind", "date")], 402, 0, |i, _| {
        Some(1_582_934_400.0 + i as f64 * 86_399.0)
    }));
    // Every 4 to 6 minutes, so that instant selectors are near the end of the lookback.
    all.push(scraped(&[("__name__", "sparse"), ("kind", "rare")], 403, 0, |i, _| {
        (i % 24 < 1 || i % 20 == 3).then_some(i as f64)
    }));
    all.push(scraped(&[("__name__", "every_five_minutes"), ("kind", "edge")], 404, 0, |i, _| {
        (i % 20 == 0).then_some(i as f64)
    }));
    all.push(scraped(&[("__name__", "once"), ("kind", "single")], 405, 0, |i, _| (i == 230).then_some(7.5)));
    // The version changes in the middle: two series that follow one another.
    for (version, wanted) in [("1.0", 0..250), ("1.1", 250..1000)] {
        let pairs = [("__name__", "build_info"), ("job", "api"), ("version", version)];
        all.push(scraped(&pairs, 406, 0, |i, _| wanted.contains(&i).then_some(1.0)));
    }
    all.push(scraped(&[("__name__", "build_info"), ("job", "web"), ("version", "7")], 407, 0, |_, _| Some(1.0)));
    all
}

fn histograms() -> Vec<Series> {
    let bounds = ["0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "+Inf"];
    let mut all = Vec::new();
    for (seed, instance) in ["a:1", "b:1"].into_iter().enumerate() {
        let mut counts = vec![vec![0.0; bounds.len()]; scrapes().count()];
        let mut sums = vec![0.0; counts.len()];
        let mut numbers = Numbers(500 + seed as u64);
        for i in 1..counts.len() {
            let mut row = counts[i - 1].clone();
            sums[i] = sums[i - 1];
            for _ in 0..(numbers.next() * 12.0) as usize {
                let took = 0.004 * (numbers.next() * 8.0).exp2();
                sums[i] += took;
                for (count, bound) in row.iter_mut().zip(bounds) {
                    *count += if took <= bound.parse().unwrap() { 1.0 } else { 0.0 };
                }
            }
            counts[i] = row;
        }
        for (b, bound) in bounds.iter().enumerate() {
            let pairs = [("__name__", "request_seconds_bucket"), ("instance", instance), ("le", bound)];
            all.push(scraped(&pairs, 600, 0, |i, _| Some(counts[i as usize][b])));
        }
        let name = |suffix| [("__name__", suffix), ("instance", instance)];
        all.push(scraped(&name("request_seconds_count"), 601, 0, |i, _| counts[i as usize].last().copied()));
        all.push(scraped(&name("request_seconds_sum"), 602, 0, |i, _| Some(sums[i as usize])));
    }
    all
}

/// Series after [`END_MS`] that end with a staleness marker, one of them to come back.
fn ending() -> Vec<Series> {
    let ending = |instance: &str, stale_at: &[i64]| {
        let samples = (1..=80).map(|i| {
            let value = if stale_at.contains(&i) { STALE_NAN } else { i as f64 };
            (i, Sample::new(END_MS + 60_000 + i * SCRAPE_MS, value))
        });
        let last = if stale_at.len() == 1 { stale_at[0] } else { 80 };
        let samples = samples.filter(|(i, _)| *i <= last).map(|(_, sample)| sample).collect();
        Series { labels: labels(&[("__name__", "ending"), ("instance", instance)]), samples }
    };
    vec![ending("ends", &[35]), ending("returns", &[30, 31, 50]), ending("stays", &[])]
}

/// Every series, sorted by labels as a store would return them.
pub(crate) fn series() -> Vec<Series> {
    let mut all: Vec<Series> = [counters(), gauges(), histograms(), ending()].into_iter().flatten().collect();
    all.sort_by(|a, b| a.labels.cmp(&b.labels));
    all
}
