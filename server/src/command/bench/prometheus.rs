//! The peer: a Prometheus of this machine, started beside us with its defaults and an empty configuration.
//!
//! Always true: it scrapes nothing, so that all it does is take what we send; it is gone when the measurement is.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;
use tokio::process::{Child, Command};

use super::files;
use super::process::Usage;

const START_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);
const SNAPSHOT_LIMIT: Duration = Duration::from_secs(120);

/// One that runs.
#[derive(Debug)]
pub(super) struct Prometheus {
    _process: Child,
    pid: u32,
    pub(super) url: String,
    data: PathBuf,
    /// As it says itself.
    pub(super) version: String,
}

/// Real blocks of everything it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Snapshot {
    pub(super) samples: u64,
    /// Bytes of compressed samples.
    pub(super) chunks: u64,
    /// Bytes of all files: chunks, index, meta.
    pub(super) total: u64,
}

/// What `prometheus --version` says, if there is one on the path.
async fn version() -> Option<String> {
    let output = Command::new("prometheus").arg("--version").output().await.ok()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    text.strip_prefix("prometheus, version ")?.split_ascii_whitespace().next().map(str::to_owned)
}

impl Prometheus {
    /// Starts one; nothing when there is none on the path.
    pub(super) async fn start(folder: &Path) -> anyhow::Result<Option<Self>> {
        let Some(version) = version().await else { return Ok(None) };
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("prometheus.yml"), "global: {}\n")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let data = folder.join("data");
        let log = folder.join("prometheus.log");
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", folder.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .args(["--web.enable-remote-write-receiver", "--web.enable-admin-api", "--log.level=warn"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .context("starting prometheus")?;
        let pid = process.id().context("prometheus ended at once")?;
        let prometheus = Self { _process: process, pid, url: format!("http://127.0.0.1:{port}"), data, version };
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        tokio::time::timeout(START_LIMIT, prometheus.ready()).await.with_context(said)??;
        Ok(Some(prometheus))
    }

    async fn ready(&self) -> anyhow::Result<()> {
        let client = platform::outbound_client()?;
        let url = format!("{}/-/ready", self.url);
        while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    pub(super) fn usage(&self) -> anyhow::Result<Usage> {
        Usage::of(self.pid)
    }

    /// Has it write everything it holds, the head too, as blocks, and measures those.
    pub(super) async fn snapshot(&self) -> anyhow::Result<Snapshot> {
        let client = platform::outbound_client()?;
        let request = client.post(format!("{}/api/v1/admin/tsdb/snapshot", self.url)).timeout(SNAPSHOT_LIMIT);
        let answer: Value = serde_json::from_slice(&request.send().await?.error_for_status()?.bytes().await?)?;
        let name = answer.pointer("/data/name").and_then(Value::as_str).context("the snapshot has no name")?;
        let folder = self.data.join("snapshots").join(name);
        let mut samples = 0;
        for block in std::fs::read_dir(&folder)? {
            let meta: Value = serde_json::from_slice(&std::fs::read(block?.path().join("meta.json"))?)?;
            samples += meta
                .pointer("/stats/numSamples")
                .and_then(Value::as_u64)
                .context("a block without a number of samples")?;
        }
        let is_chunk = |path: &Path| path.parent().is_some_and(|parent| parent.ends_with("chunks"));
        Ok(Snapshot { samples, chunks: files::bytes(&folder, &is_chunk), total: files::bytes(&folder, &|_| true) })
    }
}
