//! `bellwether bench NAME`: the measurements of docs/measurements.md, to be repeated on any machine.
//!
//! Always true: what is measured is a process of its own, of this very binary, with the default settings, in a scratch
//! folder that is removed; progress goes to standard error and the figures, each with its unit, to standard output.

mod detect_latency;
mod files;
mod first_byte;
mod footprint;
mod ingest;
mod machine;
mod process;
mod prometheus;
mod report;
mod safety;
mod sender;
mod server;
mod spread;
mod target;
mod workload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use tempfile::TempDir;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    name: Name,
    /// Folder with public data sets, for measurements against them: `safety` needs it, the others make their own data.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the scratch folder is made and removed again, so that you choose the disk; the system's folder for
    /// temporary files when absent.
    #[arg(long, global = true, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// As one JSON object.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Name {
    /// Samples a second that are taken by remote-write and durable, beside a Prometheus that is sent the same.
    Ingest(ingest::Args),
    /// Time from a bad sample in a scrape to its anomaly on an open WebSocket.
    DetectLatency(detect_latency::Args),
    /// Memory idle and with the demo, first byte of a page, size of the WASM.
    Footprint(footprint::Args),
    /// How well the safety judge finds attacks and spares harmless texts, and how long it takes; `--train` trains it anew.
    Safety(safety::Args),
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let Some(data) = &args.data {
        anyhow::ensure!(data.is_dir(), "there is no folder {}", data.display());
    }
    let scratch = scratch(args.scratch)?;
    let report = match args.name {
        Name::Ingest(args) => ingest::run(&args, scratch.path()).await?,
        Name::DetectLatency(args) => detect_latency::run(&args, scratch.path()).await?,
        Name::Footprint(args) => footprint::run(&args, scratch.path()).await?,
        Name::Safety(safety) => {
            let data = args.data.context("--data DIR is needed: the folder with the labelled sets")?;
            return say(&safety::run(&safety, &data)?, args.json);
        }
    };
    say(&report, args.json)
}

fn say(report: &(impl serde::Serialize + std::fmt::Display), as_json: bool) -> anyhow::Result<ExitCode> {
    super::log::print(&if as_json { serde_json::to_string(report)? } else { report.to_string() });
    Ok(ExitCode::SUCCESS)
}

fn scratch(parent: Option<PathBuf>) -> anyhow::Result<TempDir> {
    let parent = parent.unwrap_or_else(std::env::temp_dir);
    tempfile::Builder::new()
        .prefix("bellwether-bench-")
        .tempdir_in(&parent)
        .with_context(|| format!("cannot make a scratch folder in {}; choose another with --scratch", parent.display()))
}
