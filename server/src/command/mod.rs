//! The command line.
//!
//! Always true: exit 0 is success, 64 a wrong configuration, 1 anything else, unless the command says otherwise; what a
//! program reads goes to standard output, everything else to standard error.

mod admin;
mod bench;
mod gate;
mod load;
mod log;
mod serve;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::fleet;

/// Exit code of a configuration that is not usable (`EX_USAGE` of sysexits).
const WRONG_CONFIGURATION: u8 = 64;

/// Predictive reliability for AI services.
#[derive(Debug, Parser)]
#[command(name = "bellwether", version, about, propagate_version = true)]
pub struct Cli {
    /// Settings that differ from the defaults (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything.
    Serve(serve::Args),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Run the migrations that are missing, and nothing else.
    Migrate,
    /// Administer people.
    #[command(subcommand)]
    User(admin::UserCommand),
    /// Administer API keys.
    #[command(subcommand)]
    Key(admin::KeyCommand),
    /// Administer the master key that secrets are sealed with.
    #[command(subcommand)]
    Secrets(admin::SecretsCommand),
    /// Show the anomaly stream in the terminal.
    Watch(watch::Args),
    /// Answer whether a service has had anomalies: 0 clean, 1 anomalies, 2 could not tell.
    Gate(gate::Args),
    /// Call models at a rate or by so many callers, and say how long it took: exit 2 when a call failed.
    Load(load::Args),
    /// Measure this product on this machine; see docs/measurements.md.
    Bench(bench::Args),
    #[command(hide = true)]
    DemoService(fleet::FleetArgs),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say what is in force and what is wrong.
    Check {
        /// As one JSON object.
        #[arg(long)]
        json: bool,
    },
}

impl Cli {
    /// Runs the command.
    #[must_use]
    pub fn run(self) -> ExitCode {
        // The fleet's processes are small and have no configuration.
        if let Command::DemoService(args) = self.command {
            return exit(fleet::main(args.into()).map(|()| ExitCode::SUCCESS));
        }
        let config = match Config::load(self.config.as_deref(), std::env::vars()) {
            Ok(config) => config,
            Err(error) => {
                log::say(&error.to_string());
                return ExitCode::from(WRONG_CONFIGURATION);
            }
        };
        exit(dispatch(self.command, config))
    }
}

fn dispatch(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::run(config, &args),
        Command::Config(ConfigCommand::Check { json }) => admin::check(&config, json),
        Command::Migrate => block_on(admin::migrate(config)),
        Command::User(command) => block_on(admin::user(config, command)),
        Command::Key(command) => block_on(admin::key(config, command)),
        Command::Secrets(command) => block_on(admin::secrets(config, command)),
        Command::Watch(args) => block_on(watch::run(args)),
        Command::Gate(args) => block_on(gate::run(args)),
        Command::Load(args) => block_on(load::run(args)),
        Command::Bench(args) => block_on(bench::run(args)),
        Command::DemoService(_) => Ok(ExitCode::SUCCESS),
    }
}

fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(work)
}

fn exit(outcome: anyhow::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        log::say(&format!("bellwether: {error:#}"));
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
