//! The Bellwether that is measured: another process of this very binary.
//!
//! Always true: it has the default settings but for its database, its port and what a measurement names; nothing of our
//! own environment's settings reaches it; it is gone when the measurement is.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use domain::key::MAX_RATE_LIMIT;
use domain::system::SystemStatus;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::process::Usage;

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(60);

/// Where a Bellwether lives, whether it runs or not.
#[derive(Clone, Debug)]
pub(super) struct Home {
    folder: PathBuf,
}

/// One that runs.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    pid: u32,
    pub(super) url: String,
    /// Kept open: the process would notice if nobody read it.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Home {
    /// A new, empty home.
    pub(super) fn make(folder: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn command(&self, args: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BELLWETHER_") {
                command.env_remove(name);
            }
        }
        let database = format!("sqlite:{}", self.folder.join("bellwether.db").display());
        command.args(args).env("BELLWETHER__DATABASE__URL", database).env("BELLWETHER__SERVER__ADDRESS", "127.0.0.1:0");
        command.current_dir(&self.folder).kill_on_drop(true);
        Ok(command)
    }

    /// Runs a command of the binary to its end; answers with its standard output.
    pub(super) async fn run(&self, args: &[&str], input: &str) -> anyhow::Result<String> {
        let mut command = self.command(args)?;
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).await?;
        }
        let output = child.wait_with_output().await?;
        let error = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "`bellwether {}` failed: {error}", args.join(" "));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// A key that may do everything, as often as a key can.
    pub(super) async fn key(&self) -> anyhow::Result<String> {
        let rate = MAX_RATE_LIMIT.to_string();
        let args = ["key", "create", "--name", "bench", "--scopes", "admin,ingest,read", "--rate-limit", &rate];
        self.run(&args, "").await
    }

    /// Starts it and waits until it is ready. Its log goes to a file of its folder.
    pub(super) async fn start(&self, args: &[&str], settings: &[(&str, &str)]) -> anyhow::Result<Server> {
        let log = self.folder.join("server.log");
        let mut command = self.command(&[&["serve"], args].concat())?;
        command.envs(settings.iter().map(|(name, value)| (OsStr::new(name), OsStr::new(value))));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(std::fs::File::create(&log)?);
        let mut process = command.spawn()?;
        let stdout = process.stdout.take().context("the server has no standard output")?;
        let pid = process.id().context("the server ended at once")?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = tokio::time::timeout(START_LIMIT, address(&mut lines)).await;
        let Ok(Ok(address)) = ready else {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            anyhow::bail!("the server did not become ready within {} s; it said: {said}", START_LIMIT.as_secs());
        };
        Ok(Server { process, pid, url: format!("http://{address}"), _lines: lines })
    }
}

/// From the line "… is ready at URL (listening on ADDRESS)".
async fn address(lines: &mut Lines<BufReader<ChildStdout>>) -> anyhow::Result<SocketAddr> {
    while let Some(line) = lines.next_line().await? {
        if let Some((_, rest)) = line.split_once("(listening on ") {
            return Ok(rest.trim_end_matches(')').parse()?);
        }
    }
    anyhow::bail!("the server ended before it was ready")
}

impl Server {
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    pub(super) fn usage(&self) -> anyhow::Result<Usage> {
        Usage::of(self.pid)
    }

    /// What its System page says.
    pub(super) async fn status(&self, client: &reqwest::Client, key: &str) -> anyhow::Result<SystemStatus> {
        let request = client.get(format!("{}/api/v1/system/status", self.url)).header("x-api-key", key);
        let answer = request.timeout(Duration::from_secs(60)).send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&answer.bytes().await?)?)
    }

    /// Tells it to stop and waits for its end.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw).context("a process id that is none")?;
        kill_process(pid, Signal::TERM).context("stopping the server")?;
        let status =
            tokio::time::timeout(STOP_LIMIT, self.process.wait()).await.context("the server does not stop")??;
        anyhow::ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}
