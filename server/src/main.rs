//! The binary: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser as _;
use server::command::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
