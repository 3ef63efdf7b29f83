//! `bellwether watch`: the anomaly stream in a terminal.
//!
//! Always true: after a break it resumes behind the last event it showed, with a growing wait of at most half a minute.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use futures::StreamExt as _;
use serde_json::Value;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::log;

const MAX_WAIT: Duration = Duration::from_secs(30);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where Bellwether is.
    #[arg(long, env = "BELLWETHER_URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// An API key with the scope read.
    #[arg(long, env = "BELLWETHER_API_KEY", hide_env_values = true)]
    key: String,
    /// All events, not only anomalies.
    #[arg(long)]
    all: bool,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// End after this many events.
    #[arg(long)]
    limit: Option<u64>,
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (mut last_id, mut shown, mut wait) = (None, 0, Duration::from_secs(1));
    loop {
        match follow(&args, &mut last_id, &mut shown).await {
            Ok(true) => return Ok(ExitCode::SUCCESS),
            Ok(false) => wait = Duration::from_secs(1),
            Err(error) => {
                if let Some(Error::Http(response)) = error.downcast_ref::<Error>() {
                    let body = response.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                    anyhow::bail!("refused with status {}: {body}", response.status());
                }
                log::say(&format!("lost the stream ({error:#}); trying again in {} s", wait.as_secs()));
            }
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(MAX_WAIT);
    }
}

/// Whether enough was shown; `false` when the server ended the stream.
async fn follow(args: &Args, last_id: &mut Option<i64>, shown: &mut u64) -> anyhow::Result<bool> {
    let path = if args.all { "events" } else { "anomalies" };
    let after = last_id.map(|id| format!("?after={id}")).unwrap_or_default();
    let url = format!("{}/stream/{path}{after}", args.url.trim_end_matches('/').replacen("http", "ws", 1));
    let mut request = url.as_str().into_client_request().context("the URL is not one of a server")?;
    request.headers_mut().insert("x-api-key", args.key.parse().context("the key has characters that no key has")?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
    while let Some(message) = socket.next().await {
        let text = match message? {
            Message::Text(text) => text,
            Message::Close(close) => {
                log::say(&close.map(|frame| frame.reason.to_string()).unwrap_or_default());
                return Ok(false);
            }
            _ => continue,
        };
        let event: Value = serde_json::from_str(&text)?;
        let Some(id) = event.get("id").and_then(Value::as_i64) else { continue };
        *last_id = Some(id);
        log::print(&if args.json { text.to_string() } else { line(&event) });
        *shown += 1;
        if args.limit.is_some_and(|limit| *shown >= limit) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn line(event: &Value) -> String {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let simulated = event.pointer("/anomaly/is_simulated").and_then(Value::as_bool).unwrap_or_default();
    format!(
        "{} {:<18} {:<9} {}{} {} {}",
        text("/timestamp"),
        text("/event"),
        text("/anomaly/severity"),
        text("/service"),
        if simulated { " (simulated)" } else { "" },
        text("/anomaly/metric"),
        text("/anomaly/reason"),
    )
}
