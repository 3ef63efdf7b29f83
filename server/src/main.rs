//! The binary: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser as _;
use server::command::Cli;

/// The system's keeps what many threads have freed for each of them; this one gives it back (docs/measurements.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Cli::parse().run()
}
