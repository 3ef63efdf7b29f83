//! `bellwether bench detect-latency`: from a bad sample in a scrape to its anomaly on an open WebSocket.
//!
//! Always true: each repetition is another series with one bad sample in one scrape; the clock starts when the answer to
//! the scraper is given to the connection and stops when the frame was read; what is not found in time is counted as that.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::target::CreateTarget;
use futures::StreamExt as _;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::machine::Machine;
use super::report::{Figure, Report, Target as Bar};
use super::server::{Home, Server};
use super::spread::Spread;
use super::target::Target;
use crate::command::log;

const SERVICE: &str = "bench-target";
const SEED: u64 = 20_261_121;
/// How long after the last bad sample frames are waited for.
const PATIENCE: Duration = Duration::from_secs(5);
const SCRAPE_LIMIT: Duration = Duration::from_secs(30);
const SAY_EVERY: usize = 20;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Series of the target, at least as many as repetitions.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    series: u32,
    /// Bad samples, each in a scrape of its own.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    repetitions: u32,
    /// Milliseconds between scrapes.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(500..=60_000))]
    interval_ms: u32,
    /// Scrapes before the first bad sample; a series needs 30 samples before it can alarm.
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u32).range(31..=10_000))]
    warm_up: u32,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What the frames said.
#[derive(Debug, Default)]
struct Found {
    after: Vec<Duration>,
    /// Anomalies of series that were healthy.
    unplanted: u64,
}

pub(super) async fn run(args: &Args, scratch: &Path) -> anyhow::Result<Report> {
    anyhow::ensure!(args.repetitions <= args.series, "--repetitions needs as many --series");
    let machine = Machine::look();
    let mut running = JoinSet::new();
    let (target, address) = Target::start(args.series as usize, SEED, &mut running).await?;
    let home = Home::make(scratch.join("bellwether"))?;
    let key = home.key().await?;
    let server = home.start(&[], &[]).await?;
    add_target(&server, &key, &format!("http://{address}/metrics"), args).await?;
    let mut socket = open(&server, &key).await?;
    let found = measure(&mut socket, &target, args).await?;
    server.stop().await?;
    let planted = args.repetitions as usize;
    let after = Spread::new(found.after);
    let figures = vec![
        Figure::new("bad sample to frame, p50", "ms", after.ms(0.5)),
        Figure::new("bad sample to frame, p99", "ms", after.ms(0.99)).target(Bar::Below(100.0)),
        Figure::new("bad sample to frame, longest", "ms", after.ms(1.0)),
        Figure::new("bad samples planted", "samples", planted as f64),
        Figure::new("of them not found", "samples", (planted - after.len()) as f64),
        Figure::new("anomalies of healthy series", "anomalies", found.unplanted as f64),
    ];
    let remarks = vec![
        format!(
            "one target of {} gauges scraped every {} ms; {} scrapes of healthy data first, default detection settings",
            args.series, args.interval_ms, args.warm_up
        ),
        "a bad sample is twenty times its level where the noise has a standard deviation of 8 %; milder ones take several samples".to_owned(),
        "from giving the answer to the scraper's connection until the frame was read in the same process; the wait for the next scrape, up to its interval, is not in it".to_owned(),
    ];
    Ok(Report { bench: "detect-latency", machine: machine.after(), figures, remarks })
}

async fn add_target(server: &Server, key: &str, url: &str, args: &Args) -> anyhow::Result<()> {
    let (service, url) = (SERVICE.to_owned(), url.to_owned());
    let sample_limit = domain::target::DEFAULT_SAMPLE_LIMIT;
    let (interval_ms, timeout_ms) = (args.interval_ms, args.interval_ms);
    let labels = std::collections::BTreeMap::new();
    let input = CreateTarget { service, url, interval_ms, timeout_ms, sample_limit, labels, is_enabled: true };
    let request = platform::outbound_client()?.post(format!("{}/api/v1/targets", server.url)).header("x-api-key", key);
    let answer = request.json(&input).send().await?;
    let (status, text) = (answer.status(), answer.text().await?);
    anyhow::ensure!(status.is_success(), "adding the target: {status}: {text}");
    Ok(())
}

async fn open(server: &Server, key: &str) -> anyhow::Result<Socket> {
    let mut request = format!("{}/stream/anomalies", server.url.replacen("http", "ws", 1)).into_client_request()?;
    request.headers_mut().insert("x-api-key", key.parse()?);
    let (socket, _) = tokio_tungstenite::connect_async(request).await.context("opening the stream")?;
    Ok(socket)
}

async fn measure(socket: &mut Socket, target: &Target, args: &Args) -> anyhow::Result<Found> {
    let mut scrapes = target.scrapes();
    let (mut found, mut planted) = (Found::default(), 0);
    let repetitions = args.repetitions as usize;
    let interval = Duration::from_millis(args.interval_ms.into());
    let mut give_up = tokio::time::Instant::now() + SCRAPE_LIMIT.max(4 * interval);
    log::say(&format!("warming up: {} scrapes", args.warm_up));
    while found.after.len() < repetitions {
        tokio::select! {
            message = socket.next() => {
                let read_at = Instant::now();
                found.take(message.context("the stream ended")??, read_at, target)?;
            }
            _ = scrapes.changed(), if planted < repetitions => {
                if *scrapes.borrow_and_update() >= args.warm_up.into() {
                    target.plant(planted);
                    planted += 1;
                    if planted.is_multiple_of(SAY_EVERY) {
                        log::say(&format!("{planted} of {repetitions} bad samples, {} found", found.after.len()));
                    }
                }
                let patience = if planted == repetitions { interval + PATIENCE } else { SCRAPE_LIMIT.max(4 * interval) };
                give_up = tokio::time::Instant::now() + patience;
            }
            () = tokio::time::sleep_until(give_up) => {
                anyhow::ensure!(planted == repetitions, "the target is not scraped");
                break;
            }
        }
    }
    Ok(found)
}

impl Found {
    fn take(&mut self, message: Message, read_at: Instant, target: &Target) -> anyhow::Result<()> {
        let Message::Text(text) = message else { return Ok(()) };
        let frame: Value = serde_json::from_str(&text)?;
        if frame.get("event").and_then(Value::as_str) != Some("anomaly.detected") {
            return Ok(());
        }
        let series = frame.pointer("/anomaly/labels/n").and_then(Value::as_str).and_then(|n| n.parse().ok());
        match series.and_then(|series: usize| target.take_planted(series)) {
            Some(given_at) => self.after.push(read_at - given_at),
            None => self.unplanted += 1,
        }
        Ok(())
    }
}
