//! `kill -9` while senders send.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use metrics::{Labels, Sample};
use platform::clock::{Clock as _, SystemClock};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::task::JoinSet;

use crate::postgres::fresh_postgres;
use crate::process::{Site, eventually};
use crate::send::{labels, push, write};

const ROUNDS: usize = 20;
const SENDERS: usize = 4;
/// Samples of one series in one request; each request has two series.
const SAMPLES: i64 = 30;
const HOUR: i64 = 3_600_000;

/// Sends request after request, each later than the one before.
struct Sender {
    series: [Labels; 2],
    is_json: bool,
    next_ms: i64,
    /// What was acknowledged, by time.
    acknowledged: Vec<i64>,
    /// Times of requests that got no answer.
    unanswered: Vec<Vec<i64>>,
}

fn value(ms: i64) -> f64 {
    (ms % 1_000_003) as f64
}

impl Sender {
    fn new(number: usize, now_ms: i64) -> Self {
        let number_text = number.to_string();
        let series =
            ["a", "b"].map(|part| labels("sent", &[("service", "load"), ("sender", &number_text), ("part", part)]));
        // One in the past, so that what it has stored leaves memory while it goes on sending.
        let next_ms = if number == 0 { now_ms - 100 * HOUR } else { now_ms - HOUR };
        Self { series, is_json: number.is_multiple_of(2), next_ms, acknowledged: Vec::new(), unanswered: Vec::new() }
    }

    /// Sends until it may no more, counting what was acknowledged.
    async fn send(&mut self, site: &Site, go_on: &AtomicBool, count: &AtomicUsize) {
        while go_on.load(Ordering::Acquire) {
            let times: Vec<_> = (0..SAMPLES).map(|i| self.next_ms + i * 10).collect();
            self.next_ms += SAMPLES * 10;
            let samples: Vec<_> = times.iter().map(|&ms| Sample::new(ms, value(ms))).collect();
            let both = self.series.clone().map(|labels| (labels, samples.clone()));
            let request = if self.is_json { push(site, &both) } else { write(site, &both) };
            match request.send().await {
                Ok(answer) if answer.status().is_success() => {
                    self.acknowledged.extend(&times);
                    count.fetch_add(1, Ordering::AcqRel);
                }
                Ok(answer) => panic!("{}: {}", answer.status(), answer.text().await.unwrap_or_default()),
                Err(_) => {
                    self.unanswered.push(times);
                    return;
                }
            }
        }
    }

    /// Everything acknowledged is there, once, and of each request without an answer all or nothing.
    async fn check(&self, site: &Site, now_ms: i64, round: usize) -> usize {
        for labels in &self.series {
            let found = site.query(&format!("{labels}[5d]"), now_ms).await;
            let found: BTreeMap<i64, f64> = found[0]["values"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|pair| {
                    let ms = (pair[0].as_f64().unwrap() * 1_000.0).round() as i64;
                    (ms, pair[1].as_str().unwrap().parse().unwrap())
                })
                .collect();
            let lost: Vec<_> = self.acknowledged.iter().filter(|ms| found.get(ms) != Some(&value(**ms))).collect();
            assert!(
                lost.is_empty(),
                "round {round}: {} of {} acknowledged samples of {labels} are lost, the first at {}",
                lost.len(),
                self.acknowledged.len(),
                lost[0]
            );
            let mut n = self.acknowledged.len();
            for times in &self.unanswered {
                let there = times.iter().filter(|ms| found.contains_key(ms)).count();
                assert!(there == 0 || there == times.len(), "round {round}: half a request of {labels} is stored");
                n += there;
            }
            assert_eq!(found.len(), n, "round {round}: {labels} has samples that nobody sent");
        }
        self.acknowledged.len() * 2
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_samples_outlive_kills_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    killed_again_and_again(Site::sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_samples_outlive_kills_on_postgres() {
    let folder = tempfile::tempdir().unwrap();
    let Some(database) = fresh_postgres() else { return };
    killed_again_and_again(Site::new(folder.path(), &database)).await;
}

async fn killed_again_and_again(site: Site) {
    let mut chance = StdRng::seed_from_u64(20_261_121);
    let start_ms = SystemClock.now_ms();
    let site = Arc::new(site);
    let mut senders: Vec<_> = (0..SENDERS).map(|number| Sender::new(number, start_ms)).collect();
    let mut total = 0;
    for round in 0..ROUNDS {
        let process = site.start().await;
        let (go_on, count) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
        let mut sending = JoinSet::new();
        for mut sender in senders {
            let (site, go_on, count) = (Arc::clone(&site), Arc::clone(&go_on), Arc::clone(&count));
            sending.spawn(async move {
                sender.send(&site, &go_on, &count).await;
                sender
            });
        }
        let enough = chance.random_range(5..120);
        eventually("acknowledged requests", async || (count.load(Ordering::Acquire) >= enough).then_some(())).await;
        process.kill();
        go_on.store(false, Ordering::Release);
        senders = sending.join_all().await;
        let process = site.start().await;
        total = 0;
        for sender in &senders {
            total += sender.check(&site, SystemClock.now_ms(), round).await;
        }
        // The next round begins with another kind of end.
        if round % 2 == 0 { process.kill() } else { process.stop().await }
    }
    assert!(total > ROUNDS * 5 * 2 * SAMPLES as usize, "only {total} samples were acknowledged");
    println!("{total} acknowledged samples outlived {} kills", ROUNDS + ROUNDS / 2);
}
