//! Sends the workload by remote-write over a few connections, as a Prometheus does with its shards.
//!
//! Always true: a series belongs to one connection, so its samples arrive in order; a connection has one request on its
//! way; nothing counts before it was acknowledged, and what is refused ends the measurement.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use metrics::remote_write::Encoder;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::spread::Spread;
use super::workload::{INTERVAL_MS, Instance, SERIES};
use crate::command::log;

/// Rounds after which connections wait for each other: like a real sender's, their times never drift far apart.
const TOGETHER: u64 = 60;
const REQUEST_LIMIT: Duration = Duration::from_secs(60);
const SAY_EVERY: Duration = Duration::from_secs(5);

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) instances: usize,
    pub(super) connections: usize,
    /// Samples of one request, but for the last of a round.
    pub(super) per_request: usize,
    /// When the first round begins, in Unix milliseconds.
    pub(super) start_ms: i64,
    pub(super) seed: u64,
}

/// Where it is sent.
#[derive(Clone, Debug)]
pub(super) struct Receiver {
    pub(super) name: &'static str,
    pub(super) url: String,
    /// Sent as `X-API-Key`.
    pub(super) key: Option<String>,
}

/// What became of it.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub(super) samples: u64,
    /// Bytes of all bodies, compressed.
    pub(super) bytes: u64,
    pub(super) took: Duration,
    /// From handing a request to the connection until its answer was read.
    pub(super) requests: Spread,
}

impl Sent {
    pub(super) fn per_second(&self) -> f64 {
        self.samples as f64 / self.took.as_secs_f64()
    }
}

/// The connections, between two rounds.
#[derive(Debug)]
pub(super) struct Sender {
    plan: Plan,
    receiver: Receiver,
    connections: Vec<Connection>,
}

#[derive(Debug)]
struct Connection {
    client: reqwest::Client,
    instances: Vec<Instance>,
    encoder: Encoder,
    samples: u64,
    bytes: u64,
    requests: Vec<Duration>,
}

impl Sender {
    pub(super) fn new(plan: Plan, receiver: Receiver) -> anyhow::Result<Self> {
        let mut shares: HashMap<usize, Vec<Instance>> = HashMap::new();
        for number in 0..plan.instances {
            shares.entry(number % plan.connections).or_default().push(Instance::new(number, plan.seed));
        }
        let connections = shares.into_values().map(|instances| {
            let client = platform::outbound_client()?;
            let encoder = Encoder::default();
            Ok(Connection { client, instances, encoder, samples: 0, bytes: 0, requests: Vec::new() })
        });
        Ok(Self { plan, receiver, connections: connections.collect::<anyhow::Result<_>>()? })
    }

    /// Sends some rounds: one sample of every series each.
    pub(super) async fn send(&mut self, rounds: Range<u64>) -> anyhow::Result<Sent> {
        let (plan, receiver) = (self.plan, &self.receiver);
        let total = (rounds.end - rounds.start) * (plan.instances * SERIES) as u64;
        let acknowledged = Arc::new(AtomicU64::new(0));
        let barrier = Arc::new(Barrier::new(self.connections.len()));
        let mut running = JoinSet::new();
        let started = Instant::now();
        for mut connection in self.connections.drain(..) {
            let (receiver, rounds) = (receiver.clone(), rounds.clone());
            let (acknowledged, barrier) = (Arc::clone(&acknowledged), Arc::clone(&barrier));
            running.spawn(async move {
                for round in rounds {
                    if round % TOGETHER == 0 {
                        barrier.wait().await;
                    }
                    connection.round(round, &plan, &receiver, &acknowledged).await?;
                }
                anyhow::Ok(connection)
            });
        }
        let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + SAY_EVERY, SAY_EVERY);
        loop {
            tokio::select! {
                ended = running.join_next() => match ended {
                    Some(connection) => self.connections.push(connection??),
                    None => break,
                },
                _ = ticks.tick() => {
                    let so_far = acknowledged.load(Ordering::Relaxed);
                    let (share, rate) = (100 * so_far / total.max(1), so_far as f64 / started.elapsed().as_secs_f64());
                    log::say(&format!("{}: {share} % sent, {rate:.0} samples/s so far", receiver.name));
                }
            }
        }
        let took = started.elapsed();
        let mut sent = Sent { took, ..Sent::default() };
        let mut requests = Vec::new();
        for connection in &mut self.connections {
            sent.samples += std::mem::take(&mut connection.samples);
            sent.bytes += std::mem::take(&mut connection.bytes);
            requests.append(&mut connection.requests);
        }
        sent.requests = Spread::new(requests);
        Ok(sent)
    }
}

impl Connection {
    async fn round(&mut self, round: u64, plan: &Plan, to: &Receiver, acknowledged: &AtomicU64) -> anyhow::Result<()> {
        let base_ms = plan.start_ms + round.cast_signed() * INTERVAL_MS;
        let mut waiting = 0;
        for n in 0..self.instances.len() {
            for (labels, sample) in self.instances[n].next(base_ms) {
                self.encoder.push(labels, &[sample]);
            }
            waiting += SERIES;
            if waiting + SERIES > plan.per_request || n + 1 == self.instances.len() {
                self.post(to, waiting as u64).await?;
                acknowledged.fetch_add(waiting as u64, Ordering::Relaxed);
                waiting = 0;
            }
        }
        Ok(())
    }

    async fn post(&mut self, to: &Receiver, samples: u64) -> anyhow::Result<()> {
        let body = self.encoder.finish().context("a request too large to compress")?;
        self.bytes += body.len() as u64;
        let request = self.client.post(&to.url).timeout(REQUEST_LIMIT);
        let request = request.header("content-type", "application/x-protobuf").header("content-encoding", "snappy");
        let request = request.header("x-prometheus-remote-write-version", "0.1.0").body(body);
        let request = to.key.iter().fold(request, |request, key| request.header("x-api-key", key));
        let started = Instant::now();
        let answer = request.send().await.with_context(|| format!("sending to {}", to.name))?;
        let (status, text) = (answer.status(), answer.text().await?);
        anyhow::ensure!(status.is_success(), "{} answered {status}: {text}", to.name);
        self.requests.push(started.elapsed());
        self.samples += samples;
        Ok(())
    }
}
