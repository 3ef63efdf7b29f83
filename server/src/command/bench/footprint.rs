//! `bellwether bench footprint`: memory at rest and with the demo, the first byte of a page, the size of the WASM.
//!
//! Always true: memory is that of the server process; the demo's services are processes of their own and counted apart.

use std::path::Path;
use std::time::{Duration, Instant};

use super::first_byte::{log_in, make_people, read_pages};
use super::machine::Machine;
use super::process::{MB, Usage, children_of};
use super::report::{Figure, Report, Target};
use super::server::{Home, Server};
use crate::assets;
use crate::command::log;

/// Idle memory has settled when it moved by less than a hundredth for this long.
const STEADY: Duration = Duration::from_secs(20);
const SETTLE_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(500);
const SAY_EVERY: Duration = Duration::from_secs(30);
/// A word that only the Overview of a logged-in person has.
const OF_THE_OVERVIEW: &str = "payments";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Minutes the demo runs before its memory is read.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// People who read the Overview at the same time.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    users: u32,
    /// Seconds that they read, for each way of reading.
    #[arg(long, default_value_t = 30.0)]
    read_secs: f64,
    /// Seconds that idle memory must not have moved.
    #[arg(long, default_value_t = STEADY.as_secs_f64())]
    steady_secs: f64,
}

fn seconds(seconds: f64, what: &str) -> anyhow::Result<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(|_| anyhow::anyhow!("{what} must be a number of at least 0"))
}

pub(super) async fn run(args: &Args, scratch: &Path) -> anyhow::Result<Report> {
    let minutes = seconds(args.minutes * 60.0, "--minutes")?;
    let read = seconds(args.read_secs, "--read-secs")?;
    let steady = seconds(args.steady_secs, "--steady-secs")?;
    let machine = Machine::look();

    log::say("an idle server");
    let idle = Home::make(scratch.join("idle"))?.start(&[], &[]).await?;
    let idle_usage = settle(&idle, steady).await?;
    idle.stop().await?;

    log::say(&format!("the demo, for {} minutes", args.minutes));
    let home = Home::make(scratch.join("demo"))?;
    make_people(&home, args.users).await?;
    let demo = home.start(&["--demo"], &[]).await?;
    wait(&demo, minutes).await?;
    let after_wait = demo.usage()?;
    let services: u64 =
        children_of(demo.pid()).into_iter().filter_map(|pid| Usage::of(pid).ok()).map(|usage| usage.resident).sum();

    log::say("people read the Overview");
    let persons = log_in(&demo, args.users).await?;
    let page = format!("{}/", demo.url);
    let calm = read_pages(&persons, &page, OF_THE_OVERVIEW, Duration::from_secs(1), read).await?;
    let busy = read_pages(&persons, &page, OF_THE_OVERVIEW, Duration::ZERO, read).await?;
    let after_reading = demo.usage()?;
    demo.stop().await?;

    let per_second = busy.len() as f64 / read.as_secs_f64();
    let mut figures = vec![
        Figure::new("memory idle", "MB", idle_usage.resident_mb()).target(Target::Below(60.0)),
        Figure::new("memory idle, at most since the start", "MB", idle_usage.peak_mb()),
        Figure::new(format!("memory after {} min of demo", args.minutes), "MB", after_wait.resident_mb())
            .target(Target::Below(120.0)),
        Figure::new("memory of the demo's services, together", "MB", services as f64 / MB),
        Figure::new("memory after people have read", "MB", after_reading.resident_mb()).target(Target::Below(120.0)),
        Figure::new("first byte, each once a second, p50", "ms", calm.ms(0.5)),
        Figure::new("first byte, each once a second, p99", "ms", calm.ms(0.99)).target(Target::Below(20.0)),
        Figure::new("first byte, each again at once, p50", "ms", busy.ms(0.5)),
        Figure::new("first byte, each again at once, p99", "ms", busy.ms(0.99)).target(Target::Below(20.0)),
        Figure::new("pages, each again at once", "pages/s", per_second),
    ];
    figures
        .extend(assets::wasm_brotli_bytes().map(|bytes| Figure::new("WASM as sent, brotli", "kB", bytes as f64 / 1e3)));
    let remarks = vec![
        "memory is VmRSS of the server process, pages of the program file and of the allocator included; MB are millions of bytes".to_owned(),
        format!("{} people in parallel, each with a log-in and a connection of their own, {} and {} pages of the Overview", args.users, calm.len(), busy.len()),
        "the reading people share the cores with the server and the demo's services".to_owned(),
    ];
    Ok(Report { bench: "footprint", machine: machine.after(), figures, remarks })
}

/// Waits until memory stands still.
async fn settle(server: &Server, steady: Duration) -> anyhow::Result<Usage> {
    let started = Instant::now();
    let (mut since, mut level) = (started, server.usage()?);
    loop {
        tokio::time::sleep(POLL).await;
        let now = server.usage()?;
        if now.resident.abs_diff(level.resident) > level.resident / 100 {
            (since, level) = (Instant::now(), now);
        }
        if since.elapsed() >= steady || started.elapsed() >= SETTLE_LIMIT {
            return Ok(now);
        }
    }
}

async fn wait(server: &Server, long: Duration) -> anyhow::Result<()> {
    let until = Instant::now() + long;
    while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        tokio::time::sleep(left.min(SAY_EVERY)).await;
        log::say(&format!("{:.1} MB", server.usage()?.resident_mb()));
    }
    Ok(())
}
