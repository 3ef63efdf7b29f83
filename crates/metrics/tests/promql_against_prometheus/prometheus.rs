//! A real Prometheus in a temporary folder: filled, started on a free loopback port, asked over HTTP, killed when dropped.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use metrics::query::{EvalRange, Series};
use tempfile::TempDir;

use crate::answers::Answer;
use crate::wire;

/// The version whose answers are the right ones.
const REFERENCE: &str = "2.42.";
const ATTEMPTS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(crate) struct Prometheus {
    process: Child,
    port: u16,
    /// Removed when dropped, after the process has been killed.
    _folder: TempDir,
}

impl Prometheus {
    /// `None`, and the reason printed, when the programs are not installed in the version that is the reference.
    pub(crate) fn start(series: &[Series]) -> Option<Self> {
        for program in ["prometheus", "promtool"] {
            let said =
                Command::new(program).arg("--version").output().map(|output| [output.stdout, output.stderr].concat());
            let said = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
            if !said.contains(&format!("version {REFERENCE}")) {
                let found = said.lines().next().unwrap_or("nothing");
                println!(
                    "skipped: needs {program} {REFERENCE}x (Debian 12: apt-get install prometheus), found {found}"
                );
                return None;
            }
        }
        (0..ATTEMPTS)
            .find_map(|_| Self::try_start(series))
            .or_else(|| panic!("no port was free in {ATTEMPTS} attempts"))
    }

    /// `None` when somebody else took the port meanwhile.
    fn try_start(series: &[Series]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        make_blocks(folder.path(), &data, series);
        let config = folder.path().join("prometheus.yml");
        fs::write(&config, "global: {}\n").unwrap();
        // Port 0 is not accepted by every version, so a free one is found first.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", data.display()))
            .arg("--storage.tsdb.retention.time=100y")
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--web.enable-remote-write-receiver")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self { process, port, _folder: folder };
        if !server.becomes_ready() {
            return None;
        }
        let stored = server.send(&post("/api/v1/write", &wire::remote_write(series)));
        assert!(stored.starts_with("HTTP/1.0 204"), "remote-write was refused: {stored}");
        Some(server)
    }

    /// False when the process has ended instead.
    fn becomes_ready(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while self.process.try_wait().unwrap().is_none() {
            if self.try_send(&get("/-/ready")).is_some_and(|response| response.starts_with("HTTP/1.0 200")) {
                return true;
            }
            assert!(Instant::now() < deadline, "prometheus was not ready after {PATIENCE:?}");
            std::thread::sleep(POLL);
        }
        false
    }

    /// The answer, or Prometheus' reason for not giving one.
    pub(crate) fn ask(&self, query: &str, range: EvalRange) -> Result<Answer, String> {
        let seconds = |ms: i64| format!("{}.{:03}", ms / 1000, ms % 1000);
        let query = encoded(query);
        let path = if range.is_instant() {
            format!("/api/v1/query?query={query}&time={}", seconds(range.start_ms))
        } else {
            let (start, end, step) = (seconds(range.start_ms), seconds(range.end_ms), seconds(range.step_ms));
            format!("/api/v1/query_range?query={query}&start={start}&end={end}&step={step}")
        };
        let response = self.send(&get(&path));
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        if body["status"] == "success" { Ok(Answer::read(&body["data"])) } else { Err(body["error"].to_string()) }
    }

    fn send(&self, request: &[u8]) -> String {
        self.try_send(request).unwrap()
    }

    fn try_send(&self, request: &[u8]) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.write_all(request).ok()?;
        let mut response = String::new();
        stream.read_to_string(&mut response).ok()?;
        Some(response)
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn make_blocks(folder: &Path, data: &Path, series: &[Series]) {
    let text = folder.join("samples.om");
    fs::write(&text, wire::open_metrics(series)).unwrap();
    let made = Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .args([&text, data])
        .output()
        .unwrap();
    assert!(made.status.success(), "promtool failed: {}", String::from_utf8_lossy(&made.stderr));
}

// HTTP/1.0 answers come in one piece, without chunks, and end with the connection.
fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").into_bytes()
}

fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n\
         Content-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

fn encoded(text: &str) -> String {
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}
