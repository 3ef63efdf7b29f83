//! A `bellwether serve` of its own, with a key that may do everything.

use std::io::Read as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_bellwether");
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// Waits until a look finds something.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let search = async {
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        loop {
            looks.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    tokio::time::timeout(DEADLINE, search).await.unwrap_or_else(|_| panic!("waited {DEADLINE:?} for: {what}"))
}

/// Where a process works and what it is told.
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    settings: Vec<(String, String)>,
    pub(crate) port: u16,
    pub(crate) key: String,
    pub(crate) http: Client,
}

impl Site {
    /// With a SQLite database in the folder.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        Self::new(folder, &format!("sqlite:{}/bellwether.db", folder.display()))
    }

    pub(crate) fn new(folder: &Path, database: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut site = Self {
            folder: folder.to_owned(),
            settings: Vec::new(),
            port,
            key: String::new(),
            http: platform::outbound_client().unwrap(),
        };
        site.set("DATABASE__URL", database);
        site.set("SERVER__ADDRESS", &format!("127.0.0.1:{port}"));
        site.set("SECURITY__MASTER_KEY", &"5e".repeat(32));
        site.set("SCRAPE__HOST_INTERVAL_MS", "0");
        site.set("METRICS__CHECKPOINT_SECS", "1");
        let made = site.command(&["key", "create", "--name", "test", "--rate-limit", "1000000"]);
        let made = { made }.args(["--scopes", "ingest,read,write,admin"]).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        site.key = String::from_utf8(made.stdout).unwrap().trim().to_owned();
        site
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.push((format!("BELLWETHER__{name}"), value.to_owned()));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(args).current_dir(&self.folder).envs(self.settings.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Starts the process and waits until it is ready.
    pub(crate) async fn start(&self) -> Process {
        let process = self.spawn(self.command(&["serve"]));
        process.ready(self).await;
        process
    }

    pub(crate) fn spawn(&self, mut command: Command) -> Process {
        let log = self.folder.join("log");
        let out = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let child = command.stdout(Stdio::null()).stderr(out).spawn().unwrap();
        Process { child, log }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path)).header("x-api-key", &self.key)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path)).header("x-api-key", &self.key)
    }

    /// The answer of an instant query.
    pub(crate) async fn query(&self, query: &str, at_ms: i64) -> Value {
        let time = format!("{:.3}", at_ms as f64 / 1_000.0);
        let asked = serde_urlencoded::to_string([("query", query), ("time", &time)]).unwrap();
        let answer = self.get(&format!("/api/v1/query?{asked}")).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["status"], "success", "{answer}");
        answer["data"]["result"].clone()
    }

    /// The first value of an instant query.
    pub(crate) async fn value(&self, query: &str, at_ms: i64) -> Option<f64> {
        self.query(query, at_ms).await[0]["value"][1].as_str()?.parse().ok()
    }
}

/// A running process; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it is ready.
    pub(crate) async fn ready(&self, site: &Site) {
        let look = async || {
            let answer = site.http.get(site.url("/readyz")).send().await.ok()?;
            answer.status().is_success().then_some(())
        };
        tokio::time::timeout(DEADLINE, eventually("a ready process", look))
            .await
            .unwrap_or_else(|_| panic!("{}", self.log_text()));
    }

    /// As the system does when memory is short.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn signal(&self, name: &str) {
        let told = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.pid())]).status().unwrap();
        assert!(told.success());
    }

    pub(crate) async fn stop(mut self) {
        self.signal("TERM");
        eventually("the end of the process", async || self.child.try_wait().unwrap()).await;
    }

    pub(crate) fn log_text(&self) -> String {
        let mut text = String::new();
        std::fs::File::open(&self.log).unwrap().read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().unwrap_or_default();
        self.child.wait().ok();
    }
}

/// Status, `Retry-After` and message of a refusal.
pub(crate) async fn refusal(answer: Response) -> (u16, Option<String>, String) {
    let status = answer.status().as_u16();
    let retry = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let body: Value = answer.json().await.unwrap_or_default();
    (status, retry, body["error"]["message"].as_str().unwrap_or_default().to_owned())
}
