//! What instances of a service export, made up but shaped like the real thing: gauges that wander, counters, a histogram.
//!
//! Always true: the same seed gives the same samples; no series is constant; all series of an instance share their times,
//! as in a scrape, and instances are spread over the interval.

use metrics::{Labels, Sample};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rand_distr::{Distribution as _, LogNormal, Normal};

/// Series that one instance has.
pub(super) const SERIES: usize = GAUGES + COUNTERS + LE.len() + 2;
/// Milliseconds between samples of a series.
pub(super) const INTERVAL_MS: i64 = 15_000;

const GAUGES: usize = 24;
const COUNTERS: usize = 12;
/// Upper bounds of the histogram's buckets, in seconds.
const LE: [&str; 12] = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"];
/// Instances of one service.
const PER_SERVICE: usize = 20;

/// One instance.
#[derive(Debug)]
pub(super) struct Instance {
    labels: Vec<Labels>,
    /// In the order of `labels`.
    values: Vec<f64>,
    gauges: [Wander; GAUGES],
    /// Mean growth a second of each counter.
    rates: [f64; COUNTERS],
    offset_ms: i64,
    dice: StdRng,
}

/// A random walk that is drawn back to its centre, so that it neither settles nor leaves.
#[derive(Clone, Copy, Debug)]
struct Wander {
    now: f64,
    centre: f64,
    step: f64,
}

impl Wander {
    fn next(&mut self, dice: &mut StdRng) -> f64 {
        const DRAW: f64 = 0.02;
        self.now += self.step * normal(dice) - DRAW * (self.now - self.centre);
        self.now = self.now.max(0.0);
        self.now
    }
}

fn normal(dice: &mut StdRng) -> f64 {
    Normal::new(0.0, 1.0).map_or(0.0, |normal| normal.sample(dice))
}

impl Instance {
    pub(super) fn new(number: usize, seed: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let job = format!("service-{:02}", number / PER_SERVICE);
        let instance = format!("10.0.{}.{}:8080", number / 250, number % 250);
        let pod = format!("{job}-{:08x}-{number:05x}", dice.random::<u32>());
        let named = |name: &str, key: &str, value: &str| {
            let pairs = [
                ("__name__", name),
                ("job", &job),
                ("instance", &instance),
                ("namespace", "shop"),
                ("pod", &pod),
                (key, value),
            ];
            Labels::from_pairs(pairs.into_iter().filter(|(name, _)| !name.is_empty()))
                .unwrap_or_else(|_| Labels::empty())
        };
        let mut labels = Vec::with_capacity(SERIES);
        for n in 0..GAUGES / 4 {
            let n = n.to_string();
            labels.push(named("memory_pool_bytes", "pool", &n));
            labels.push(named("core_busy_ratio", "core", &n));
            labels.push(named("queue_depth", "queue", &n));
            labels.push(named("response_milliseconds", "route", &n));
        }
        for n in 0..COUNTERS / 3 {
            labels.push(named("http_requests_total", "code", ["200", "201", "404", "503"][n % 4]));
            labels.push(named("network_bytes_total", "device", &format!("eth{n}")));
            labels.push(named("cpu_seconds_total", "mode", ["user", "system", "iowait", "softirq"][n % 4]));
        }
        labels.extend(LE.map(|le| named("http_request_duration_seconds_bucket", "le", le)));
        labels.push(named("http_request_duration_seconds_sum", "", ""));
        labels.push(named("http_request_duration_seconds_count", "", ""));
        let gauges = std::array::from_fn(|n| {
            let centre = [4e8, 0.4, 40.0, 25.0][n % 4] * dice.random_range(0.5..2.0);
            Wander { now: centre, centre, step: 0.02 * centre }
        });
        let rates = std::array::from_fn(|n| [20.0, 250_000.0, 0.3][n % 3] * dice.random_range(0.2..5.0));
        let offset_ms = dice.random_range(0..INTERVAL_MS);
        Self { labels, values: vec![0.0; SERIES], gauges, rates, offset_ms, dice }
    }

    /// The next sample of each series. `base_ms` is when the interval begins.
    pub(super) fn next(&mut self, base_ms: i64) -> impl Iterator<Item = (&Labels, Sample)> {
        self.advance();
        let ts = base_ms + self.offset_ms;
        self.labels.iter().zip(&self.values).map(move |(labels, value)| (labels, Sample::new(ts, *value)))
    }

    fn advance(&mut self) {
        let dice = &mut self.dice;
        let (gauges, rest) = self.values.split_at_mut(GAUGES);
        for (n, (value, gauge)) in gauges.iter_mut().zip(&mut self.gauges).enumerate() {
            let now = gauge.next(dice);
            // Pages of 4 KiB, a ratio in all its digits, a count, and a time to the microsecond: as programs round.
            *value = match n % 4 {
                0 => (now / 4_096.0).round() * 4_096.0,
                1 => now,
                2 => now.round(),
                _ => (now * 1_000.0).round() / 1_000.0,
            };
        }
        let (counters, histogram) = rest.split_at_mut(COUNTERS);
        for (n, (value, rate)) in counters.iter_mut().zip(self.rates).enumerate() {
            let growth = rate * INTERVAL_MS as f64 / 1_000.0 * (1.0 + 0.1 * normal(dice)).max(0.0);
            *value += if n % 3 == 2 { growth } else { growth.round() };
        }
        observe(histogram, dice);
    }
}

/// Some requests with a log-normal duration of 60 ms in the middle.
fn observe(histogram: &mut [f64], dice: &mut StdRng) {
    let Ok(duration) = LogNormal::new((0.06_f64).ln(), 1.0) else { return };
    let (buckets, totals) = histogram.split_at_mut(LE.len());
    for _ in 0..dice.random_range(20..60) {
        let seconds = duration.sample(dice);
        for (bucket, le) in buckets.iter_mut().zip(LE) {
            *bucket += f64::from(u8::from(le.parse::<f64>().is_ok_and(|le| seconds <= le)));
        }
        if let [sum, count] = totals {
            *sum += seconds;
            *count += 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_every_series_moves() {
        let rounds = |seed| {
            let mut instance = Instance::new(7, seed);
            (0..50).map(|round| instance.next(round * INTERVAL_MS).map(|(l, s)| (l.clone(), s)).collect()).collect()
        };
        let (once, again, other): (Vec<Vec<_>>, Vec<_>, Vec<_>) = (rounds(1), rounds(1), rounds(2));
        assert!(once == again && once != other);
        assert_eq!(once[0].iter().map(|(labels, _)| labels.id()).collect::<HashSet<_>>().len(), SERIES);
        for n in 0..SERIES {
            let values: HashSet<_> = once.iter().map(|round| round[n].1.value.to_bits()).collect();
            assert!(values.len() > 3, "{:?} has {} values", once[0][n].0, values.len());
        }
    }

    #[test]
    fn a_histogram_is_one() {
        let mut instance = Instance::new(0, 1);
        let last: Vec<f64> = (0..20).map(|round| instance.next(round).map(|(_, s)| s.value).collect()).last().unwrap();
        let (buckets, totals) = last[GAUGES + COUNTERS..].split_at(LE.len());
        assert!(buckets.is_sorted() && buckets.last() == totals.last(), "{buckets:?} {totals:?}");
        assert!(totals[0] > 0.0);
    }
}
