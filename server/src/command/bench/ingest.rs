//! `bellwether bench ingest`: how fast samples are taken and made durable, and what they cost.
//!
//! Always true: both receivers are sent the same samples by the same sender on the same cores, one after the other; a
//! receiver that does not hold in the end what it acknowledged ends the measurement with an error.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use metrics::{Sample, chunk};
use platform::clock::{Clock as _, SystemClock};

use super::machine::Machine;
use super::process::Usage;
use super::prometheus::Prometheus;
use super::report::{Figure, Report, Target};
use super::sender::{Plan, Receiver, Sender, Sent};
use super::server::{Home, Server};
use super::workload::{INTERVAL_MS, Instance, SERIES};
use crate::command::log;

const SETTLE_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(500);
/// Samples of a full buffer, which becomes one chunk, and of one that is sealed for its age when scraped every 15 s.
const FULL: u64 = 240;
const AGED: usize = 120;
const SEED: u64 = 20_261_121;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Series; rounded up to whole instances of 50.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    series: u32,
    /// Samples of each series, 15 s apart; 240 fill a chunk.
    #[arg(long, default_value_t = 1_440, value_parser = clap::value_parser!(u32).range(2..=200_000))]
    samples: u32,
    /// Connections that send.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    connections: u32,
    /// Samples of one request.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(50..=50_000))]
    per_request: u32,
    /// Seconds that receivers are left alone before their memory is read.
    #[arg(long, default_value_t = 10)]
    rest_secs: u16,
    /// Leave the Prometheus beside it out.
    #[arg(long)]
    no_peer: bool,
}

/// What one receiver did.
#[derive(Debug)]
struct Taken {
    /// The first sample of every series.
    first: Sent,
    rest: Sent,
    cpu: Duration,
    sender_cpu: Duration,
    usage: Usage,
    /// Bytes a sample: of compressed samples alone, and of whatever is needed to read them.
    chunk_bytes: f64,
    total_bytes: f64,
}

pub(super) async fn run(args: &Args, scratch: &Path) -> anyhow::Result<Report> {
    let machine = Machine::look();
    let instances = (args.series as usize).div_ceil(SERIES);
    let start_ms = SystemClock.now_ms() - i64::from(args.samples + 60) * INTERVAL_MS;
    let connections = (args.connections as usize).min(instances);
    let plan = Plan { instances, connections, per_request: args.per_request as usize, start_ms, seed: SEED };
    let (rounds, rest) = (u64::from(args.samples), Duration::from_secs(args.rest_secs.into()));
    let ours = bellwether(plan, rounds, rest, scratch).await?;
    let (peer, version) = if args.no_peer {
        (None, "left out, as asked".to_owned())
    } else if let Some((peer, version)) = prometheus(plan, rounds, rest, scratch).await? {
        (Some(peer), version)
    } else {
        (None, "left out: there is no `prometheus` on the path".to_owned())
    };
    let mut remarks = remarks(&plan, rounds, &ours);
    remarks.push(format!("Prometheus: {version}"));
    let aged = aged_bytes(&plan)?;
    Ok(Report {
        bench: "ingest",
        machine: machine.after(),
        figures: figures(&plan, &ours, peer.as_ref(), aged),
        remarks,
    })
}

fn figures(plan: &Plan, ours: &Taken, peer: Option<&Taken>, aged: f64) -> Vec<Figure> {
    let series = (plan.instances * SERIES) as f64;
    let figure = |what: &str, unit: &'static str, value: &dyn Fn(&Taken) -> f64| {
        Figure::new(what, unit, value(ours)).beside(peer.map(value))
    };
    let per_million = |cpu: Duration, sent: &Sent| cpu.as_secs_f64() / (sent.samples as f64 / 1e6);
    vec![
        figure("samples acknowledged", "samples/s", &|t| t.rest.per_second()).target(Target::AtLeast(300_000.0)),
        figure("one request, p50", "ms", &|t| t.rest.requests.ms(0.5)),
        figure("one request, p99", "ms", &|t| t.rest.requests.ms(0.99)),
        figure("first sample of every series", "s", &|t| t.first.took.as_secs_f64()),
        figure("processor time, receiver", "s/million samples", &|t| per_million(t.cpu, &t.rest)),
        figure("processor time, sender", "s/million samples", &|t| per_million(t.sender_cpu, &t.rest)),
        figure("memory at rest afterwards", "MB", &|t| t.usage.resident_mb()),
        figure("memory at rest afterwards, a series", "bytes", &|t| t.usage.resident as f64 / series),
        figure("memory at most", "MB", &|t| t.usage.peak_mb()),
        figure("stored, compressed samples", "bytes/sample", &|t| t.chunk_bytes),
        Figure::new("the same in chunks of 120 samples", "bytes/sample", aged),
        figure("stored, with index and the rest", "bytes/sample", &|t| t.total_bytes),
        figure("on the wire", "bytes/sample", &|t| t.rest.bytes as f64 / t.rest.samples as f64),
    ]
}

fn remarks(plan: &Plan, rounds: u64, ours: &Taken) -> Vec<String> {
    vec![
        format!(
            "{} series x {rounds} samples, 15 s apart in their times, sent as fast as they were acknowledged over {} connections, {} requests of up to {} samples",
            plan.instances * SERIES,
            plan.connections,
            ours.rest.requests.len() + ours.first.requests.len(),
            plan.per_request
        ),
        "sender and receiver share the cores; acknowledged means committed to the database (Bellwether) or written to the write-ahead log (Prometheus), each with its default settings: neither waits for the disk".to_owned(),
        "Bellwether stores chunks of 240 samples here; a series that is scraped every 15 s is sealed after half an hour, with 120".to_owned(),
        "compressed samples: the payloads of the table chunk; the files in chunks/ of a snapshot with the head".to_owned(),
        "with index and the rest: the database file, with pages that freed batches leave for later use; the whole snapshot".to_owned(),
    ]
}

async fn take(
    plan: Plan,
    rounds: u64,
    receiver: Receiver,
    usage: impl Fn() -> anyhow::Result<Usage>,
) -> anyhow::Result<Taken> {
    let own = || Usage::of(std::process::id());
    let mut sender = Sender::new(plan, receiver)?;
    let first = sender.send(0..1).await?;
    let (before, own_before) = (usage()?, own()?);
    let rest = sender.send(1..rounds).await?;
    let (after, own_after) = (usage()?, own()?);
    let (cpu, sender_cpu) = (after.cpu.saturating_sub(before.cpu), own_after.cpu.saturating_sub(own_before.cpu));
    Ok(Taken { first, rest, cpu, sender_cpu, usage: after, chunk_bytes: f64::NAN, total_bytes: f64::NAN })
}

async fn bellwether(plan: Plan, rounds: u64, rest: Duration, scratch: &Path) -> anyhow::Result<Taken> {
    log::say("starting Bellwether");
    let home = Home::make(scratch.join("bellwether"))?;
    let key = home.key().await?;
    let server = home.start(&[], &[]).await?;
    let receiver = Receiver { name: "Bellwether", url: format!("{}/api/v1/write", server.url), key: Some(key.clone()) };
    let mut taken = take(plan, rounds, receiver, || server.usage()).await?;
    let sent = taken.first.samples + taken.rest.samples;
    let (bytes, samples) = settled(&server, &key, sent, sent / rounds * (rounds / FULL * FULL)).await?;
    tokio::time::sleep(rest).await;
    taken.usage = server.usage()?;
    server.stop().await?;
    let files = super::files::bytes(home.folder(), &|path| path.extension().is_some_and(|end| end == "db"));
    (taken.chunk_bytes, taken.total_bytes) = (bytes as f64 / samples as f64, files as f64 / sent as f64);
    Ok(taken)
}

/// Waits until all full buffers are stored; bytes and samples of what is.
async fn settled(server: &Server, key: &str, sent: u64, full: u64) -> anyhow::Result<(u64, u64)> {
    log::say("waiting until full buffers are stored as chunks");
    let client = platform::outbound_client()?;
    let started = Instant::now();
    loop {
        let status = server.status(&client, key).await?.metrics;
        anyhow::ensure!(
            status.samples_accepted >= sent,
            "{sent} samples were acknowledged, {} are there",
            status.samples_accepted
        );
        if status.chunk_samples >= full {
            return Ok((status.chunk_bytes, status.chunk_samples));
        }
        let late = || format!("{} of {full} samples are in chunks", status.chunk_samples);
        anyhow::ensure!(started.elapsed() < SETTLE_LIMIT, "after {} s only {}", SETTLE_LIMIT.as_secs(), late());
        tokio::time::sleep(POLL).await;
    }
}

async fn prometheus(
    plan: Plan,
    rounds: u64,
    rest: Duration,
    scratch: &Path,
) -> anyhow::Result<Option<(Taken, String)>> {
    let Some(prometheus) = Prometheus::start(&scratch.join("prometheus")).await? else { return Ok(None) };
    log::say(&format!("starting Prometheus {}", prometheus.version));
    let receiver = Receiver { name: "Prometheus", url: format!("{}/api/v1/write", prometheus.url), key: None };
    let mut taken = take(plan, rounds, receiver, || prometheus.usage()).await?;
    tokio::time::sleep(rest).await;
    taken.usage = prometheus.usage()?;
    let (snapshot, sent) = (prometheus.snapshot().await?, taken.first.samples + taken.rest.samples);
    anyhow::ensure!(
        snapshot.samples == sent,
        "{sent} samples were acknowledged, the snapshot has {}",
        snapshot.samples
    );
    (taken.chunk_bytes, taken.total_bytes) =
        (snapshot.chunks as f64 / sent as f64, snapshot.total as f64 / sent as f64);
    Ok(Some((taken, prometheus.version.clone())))
}

/// Bytes a sample of the first series in the chunks that age makes.
fn aged_bytes(plan: &Plan) -> anyhow::Result<f64> {
    const INSTANCES: usize = 20;
    let (mut bytes, mut n) = (0, 0);
    for number in 0..plan.instances.min(INSTANCES) {
        let mut instance = Instance::new(number, plan.seed);
        let mut columns = (0..SERIES).map(|_| Vec::<Sample>::with_capacity(AGED)).collect::<Vec<_>>();
        for round in 0..2 * AGED {
            let samples = instance.next(plan.start_ms + round as i64 * INTERVAL_MS);
            // Not from the beginning, where counters are still small.
            columns
                .iter_mut()
                .zip(samples)
                .filter(|_| round >= AGED)
                .for_each(|(column, (_, sample))| column.push(sample));
        }
        for column in columns {
            bytes += chunk::encode(&column).context("compressing samples")?.bytes.len();
            n += column.len();
        }
    }
    Ok(bytes as f64 / n as f64)
}
