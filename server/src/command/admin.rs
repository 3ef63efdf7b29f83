//! Commands that administer an installation: configuration, migrations, people, keys, the master key.
//!
//! Always true: a password comes on standard input, never as an argument; a key's value goes to standard output alone.

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use domain::access::{Role, Scope};
use domain::key::CreateKey;
use domain::user::CreateUser;
use platform::Platform;
use platform::actor::Actor;
use platform::clock::SystemClock;
use platform::maintenance::{self, Rotated};

use super::log;
use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make a person. The password is read from standard input; without one a one-time link is printed.
    Create {
        #[arg(long)]
        email: String,
        /// viewer, operator or admin.
        #[arg(long)]
        role: Role,
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Print a one-time link with which a person sets a new password.
    Reset {
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make an API key and print it.
    Create {
        #[arg(long)]
        name: String,
        /// read, write, admin, ingest, gateway; separated by commas.
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<Scope>,
        /// Requests a minute.
        #[arg(long)]
        rate_limit: Option<u32>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum SecretsCommand {
    /// Seal all secrets under a new master key. Stop the server first.
    Rotate,
}

fn failed(error: platform::Error) -> anyhow::Error {
    let chain = error.chain();
    let public: domain::error::ApiError = error.into();
    if public.code == domain::error::ErrorCode::InvalidInput {
        anyhow::anyhow!(public.message)
    } else {
        anyhow::anyhow!(chain)
    }
}

/// The platform without its fleet and without measuring anything.
async fn quiet_platform(mut config: Config) -> anyhow::Result<Platform> {
    config.platform.demo.enabled = false;
    config.platform.scrape.host_interval_ms = 0;
    Platform::for_administration(config.platform, Arc::new(SystemClock)).await.map_err(failed)
}

pub(super) fn check(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        log::print(&serde_json::to_string(&config.lines)?);
    } else {
        for line in &config.lines {
            log::print(&format!("{} = {}", line.key, line.value));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn migrate(config: Config) -> anyhow::Result<ExitCode> {
    let newest = maintenance::migrate(&config.platform).await.map_err(failed)?;
    log::say(&format!("the database is at {}", newest.unwrap_or_else(|| "no migration".to_owned())));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn user(config: Config, command: UserCommand) -> anyhow::Result<ExitCode> {
    let platform = quiet_platform(config).await?;
    match command {
        UserCommand::Create { email, role, name } => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("reading the password from standard input")?;
            let password = Some(text.trim_end_matches(['\n', '\r']).to_owned()).filter(|text| !text.is_empty());
            let input = CreateUser { email, name, role, password, team_id: None };
            let (user, link) = platform.users().create(&Actor::System, input).await.map_err(failed)?;
            log::say(&format!("{} is {}", user.email, user.role));
            if let Some(link) = link {
                log::print(&link.url);
            }
        }
        UserCommand::Reset { email } => {
            let users = platform.users().list(&Actor::System).await.map_err(failed)?;
            let user = users
                .into_iter()
                .find(|user| user.email == email.to_lowercase())
                .context("there is no user with this e-mail")?;
            let link = platform.users().reset_link(&Actor::System, user.id).await.map_err(failed)?;
            log::print(&link.url);
        }
    }
    platform.finish_stop().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn key(config: Config, command: KeyCommand) -> anyhow::Result<ExitCode> {
    let platform = quiet_platform(config).await?;
    let KeyCommand::Create { name, scopes, rate_limit } = command;
    let input = CreateKey { name, scopes, team_id: None, expires_at: None, rate_limit };
    let made = platform.keys().create(&Actor::System, input).await.map_err(failed)?;
    log::print(&made.key);
    platform.finish_stop().await;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn secrets(config: Config, command: SecretsCommand) -> anyhow::Result<ExitCode> {
    let SecretsCommand::Rotate = command;
    match maintenance::rotate_master_key(&config.platform).await.map_err(failed)? {
        Rotated::File { path, secrets } => {
            log::say(&format!("{secrets} secrets are sealed under the new key in {}; back it up", path.display()));
        }
        Rotated::Configured { key, secrets } => {
            log::say(&format!(
                "{secrets} secrets are sealed under the new key; set it as BELLWETHER__SECURITY__MASTER_KEY before the next start:"
            ));
            log::print(&key.to_hex());
        }
    }
    Ok(ExitCode::SUCCESS)
}
