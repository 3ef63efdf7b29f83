//! `bellwether gate`: an exit code for pipelines.
//!
//! Always true: 0 means that the service is known, has data and had no anomaly; 1 that it had one; 2 that nobody can tell.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use domain::anomaly::AnomalyList;
use domain::catalogue::Service;
use serde::de::DeserializeOwned;

use super::log;

const ANOMALIES: u8 = 1;
const CANNOT_TELL: u8 = 2;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the service.
    #[arg(long)]
    service: String,
    /// How far to look back, for example 5m, 1h.
    #[arg(long, default_value = "5m", value_parser = duration)]
    since: Duration,
    /// Where Bellwether is.
    #[arg(long, env = "BELLWETHER_URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// An API key with the scope read.
    #[arg(long, env = "BELLWETHER_API_KEY", hide_env_values = true)]
    key: String,
    /// As one JSON object.
    #[arg(long)]
    json: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "must be a whole number and s, m, h or d, for example 5m".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let n: u64 = text.trim_end_matches(unit).parse().map_err(|_| wrong())?;
    n.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match look(&args).await {
        Ok((code, text)) => {
            log::print(&text);
            Ok(ExitCode::from(code))
        }
        Err(error) => {
            log::say(&format!("could not tell: {error:#}"));
            Ok(ExitCode::from(CANNOT_TELL))
        }
    }
}

async fn look(args: &Args) -> anyhow::Result<(u8, String)> {
    let client = platform::outbound_client()?;
    let service: Service = get(&client, args, address(args, &["services", &args.service])?).await?;
    let seen = service.last_seen_at.context("nothing has been heard of this service yet")?;
    let mut anomalies = address(args, &["anomalies"])?;
    anomalies.query_pairs_mut().append_pair("service", &args.service).append_pair("limit", "500");
    let list: AnomalyList = get(&client, args, anomalies).await?;
    let newest = list.anomalies.first().map_or(seen, |anomaly| anomaly.timestamp.max(seen));
    let since = newest - args.since;
    let found: Vec<_> =
        list.anomalies.iter().filter(|anomaly| anomaly.resolved_at.is_none_or(|at| at >= since)).collect();
    let code = if found.is_empty() { 0 } else { ANOMALIES };
    let text = if args.json {
        serde_json::to_string(&serde_json::json!({ "service": args.service, "anomalies": found, "exit_code": code }))?
    } else if found.is_empty() {
        format!("{} is clean", args.service)
    } else {
        found
            .iter()
            .map(|a| format!("{} {} {}: {}", a.timestamp.to_rfc3339(), a.severity, a.metric, a.reason))
            .collect::<Vec<_>>()
            .join("\n")
    };
    Ok((code, text))
}

/// An address of the API; names may hold whatever they like.
fn address(args: &Args, segments: &[&str]) -> anyhow::Result<reqwest::Url> {
    let mut url: reqwest::Url = args.url.parse().with_context(|| format!("{} is not a URL", args.url))?;
    let not_http = || anyhow::anyhow!("{} is not the URL of a server", args.url);
    url.path_segments_mut().map_err(|()| not_http())?.pop_if_empty().extend(["api", "v1"]).extend(segments);
    Ok(url)
}

async fn get<T: DeserializeOwned>(client: &reqwest::Client, args: &Args, url: reqwest::Url) -> anyhow::Result<T> {
    let request = client.get(url.clone()).header("x-api-key", &args.key).timeout(Duration::from_secs(20));
    let response = request.send().await?;
    let status = response.status();
    let body = response.text().await?;
    anyhow::ensure!(status.is_success(), "{url} answered {status}: {body}");
    serde_json::from_str(&body).context("the answer was not understood")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        for wrong in ["", "5", "m", "-1m", "5x", "99999999999999999999d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
