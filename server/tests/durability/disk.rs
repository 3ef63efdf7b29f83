//! The database's disk is full, its file locked or gone: refused with a clear word, nothing lost, healed by itself.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use metrics::{Labels, Sample};
use platform::clock::{Clock as _, SystemClock};
use serde_json::Value;

use crate::process::{Process, Site, eventually, refusal};
use crate::send::{labels, push, write};

/// What readiness says of the database: whether it is well, and in which words.
pub(crate) async fn readiness(site: &Site) -> (u16, String) {
    let answer = site.http.get(site.url("/readyz")).send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    let lines = body["dependencies"].as_array().unwrap();
    let line = lines.iter().find(|line| line["name"] == "database").unwrap();
    (status, line["detail"].as_str().unwrap().to_owned())
}

/// Sends requests, each later than the one before, and remembers which were acknowledged.
pub(crate) struct Ledger {
    labels: Labels,
    next_ms: i64,
    acknowledged: Vec<i64>,
    refused: Vec<i64>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        let next_ms = SystemClock.now_ms() - 3_600_000;
        Self {
            labels: labels("kept", &[("service", "ledger")]),
            next_ms,
            acknowledged: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Sends one request of so many samples, by remote-write and JSON in turn; a refusal must be a 503 that says when to
    /// come back. Answers with its message.
    pub(crate) async fn send(&mut self, site: &Site, n: i64) -> Result<(), String> {
        let times: Vec<_> = (0..n).map(|i| self.next_ms + i).collect();
        self.next_ms += n;
        let samples: Vec<_> = times.iter().map(|&ms| Sample::new(ms, (ms as f64).sin())).collect();
        let is_json = (self.acknowledged.len() + self.refused.len()).is_multiple_of(2);
        let series = [(self.labels.clone(), samples)];
        let request = if is_json { push(site, &series) } else { write(site, &series) };
        let answer = request.send().await.unwrap();
        if answer.status().is_success() {
            self.acknowledged.extend(times);
            return Ok(());
        }
        self.refused.extend(times);
        let (status, retry, message) = refusal(answer).await;
        assert_eq!((status, retry.as_deref()), (503, Some("5")), "{message}");
        Err(message)
    }

    pub(crate) async fn send_until_refused(&mut self, site: &Site, n: i64) -> String {
        eventually("a refusal", async || self.send(site, n).await.err()).await
    }

    pub(crate) async fn send_until_taken(&mut self, site: &Site, n: i64) {
        eventually("an acknowledged request", async || self.send(site, n).await.ok()).await;
    }

    /// What was acknowledged is there, what was refused is not.
    pub(crate) async fn check(&self, site: &Site) {
        let found = site.query(&format!("{}[2h]", self.labels), SystemClock.now_ms()).await;
        let values = found[0]["values"].as_array().unwrap();
        let found: Vec<_> = values.iter().map(|pair| (pair[0].as_f64().unwrap() * 1_000.0).round() as i64).collect();
        assert_eq!(found, self.acknowledged, "refused: {:?}", self.refused.iter().take(3));
    }
}

/// Also over a restart.
pub(crate) async fn check_twice(ledger: &Ledger, site: &Site, process: Process) {
    ledger.check(site).await;
    process.kill();
    let process = site.start().await;
    ledger.check(site).await;
    process.stop().await;
}

/// A file system of its own of a few megabytes; none when this user may not make one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        let made = Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(at).output().ok()?;
        if !made.status.success() {
            println!("skipped: no small file system can be made: {}", String::from_utf8_lossy(&made.stderr));
            return None;
        }
        Some(Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the process may be closing its files.
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_disk) = SmallDisk::mount(folder.path()) else { return };
    let site = Site::sqlite(folder.path());
    let process = site.start().await;
    let mut ledger = Ledger::new();
    ledger.send(&site, 100).await.unwrap();

    let filler = folder.path().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[7; 4_096]).is_ok() {}
    let message = ledger.send_until_refused(&site, 5_000).await;
    assert!(message.contains("the database is full"), "{message}");
    eventually("readiness that says why not", async || {
        let (status, words) = readiness(&site).await;
        (status == 503 && words == "is full: nothing more fits on its disk").then_some(())
    })
    .await;
    ledger.send_until_refused(&site, 5_000).await;

    std::fs::remove_file(&filler).unwrap();
    drop(file);
    eventually("a ready process", async || (readiness(&site).await == (200, "takes writes".to_owned())).then_some(()))
        .await;
    ledger.send_until_taken(&site, 5_000).await;
    ledger.send(&site, 10).await.unwrap();
    check_twice(&ledger, &site, process).await;
}

/// Without a file system of its own: the process may not make files larger than a limit, which is lifted later.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_refuses_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::sqlite(folder.path());
    // The log must not meet the limit; a signal for a file that grew too large is ignored, so that writing fails instead.
    let script =
        format!("trap '' XFSZ; ulimit -S -f 2048; exec {} serve 2>/dev/null", env!("CARGO_BIN_EXE_bellwether"));
    let mut command = site.command(&[]);
    let environment: Vec<_> = command.get_envs().map(|(k, v)| (k.to_owned(), v.map(ToOwned::to_owned))).collect();
    command = Command::new("bash");
    command.args(["-c", &script]).current_dir(folder.path()).stdin(Stdio::null());
    command.envs(environment.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let process = site.spawn(command);
    process.ready(&site).await;
    let mut ledger = Ledger::new();
    ledger.send(&site, 100).await.unwrap();
    let message = ledger.send_until_refused(&site, 5_000).await;
    assert!(message.contains("the database cannot be written: its disk fails"), "{message}");
    eventually("readiness that says why not", async || {
        let (status, words) = readiness(&site).await;
        (status == 503 && words == "cannot be written: its disk fails").then_some(())
    })
    .await;

    let lifted = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &process.pid().to_string()]).status();
    assert!(lifted.unwrap().success());
    eventually("a ready process", async || (readiness(&site).await.0 == 200).then_some(())).await;
    ledger.send_until_taken(&site, 5_000).await;
    check_twice(&ledger, &site, process).await;
}

/// Another process that holds the write lock of a database until it is told to let go.
struct Lock(Child);

impl Lock {
    fn take(database: &Path) -> Self {
        let mut child = Command::new("sqlite3")
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let stdin = child.stdin.as_mut().unwrap();
        stdin.write_all(b".timeout 10000\nBEGIN IMMEDIATE;\nSELECT 'locked';\n").unwrap();
        stdin.flush().unwrap();
        let mut said = [0; 6];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
        assert_eq!(&said, b"locked");
        Self(child)
    }

    fn release(mut self) {
        drop(self.0.stdin.take());
        self.0.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_process_locks_refuses_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::sqlite(folder.path());
    let process = site.start().await;
    let mut ledger = Ledger::new();
    ledger.send(&site, 10).await.unwrap();

    let lock = Lock::take(&folder.path().join("bellwether.db"));
    let message = ledger.send(&site, 10).await.unwrap_err();
    assert!(message.contains("the database is locked by another process"), "{message}");
    eventually("readiness that says why not", async || {
        (readiness(&site).await == (503, "is locked by another process".to_owned())).then_some(())
    })
    .await;
    // Reading goes on.
    ledger.check(&site).await;

    lock.release();
    ledger.send_until_taken(&site, 10).await;
    eventually("a ready process", async || (readiness(&site).await.0 == 200).then_some(())).await;
    check_twice(&ledger, &site, process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_for_a_database_whose_file_is_gone_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::sqlite(folder.path());
    let process = site.start().await;
    let mut ledger = Ledger::new();
    ledger.send(&site, 10).await.unwrap();

    let (place, elsewhere) = (folder.path().join("bellwether.db"), folder.path().join("moved.db"));
    std::fs::rename(&place, &elsewhere).unwrap();
    let message = ledger.send(&site, 10).await.unwrap_err();
    assert!(message.contains("the database file is gone or was replaced"), "{message}");
    eventually("readiness that says why not", async || {
        let (status, words) = readiness(&site).await;
        (status == 503 && words.starts_with("file is gone or was replaced")).then_some(())
    })
    .await;

    std::fs::rename(&elsewhere, &place).unwrap();
    ledger.send_until_taken(&site, 10).await;
    check_twice(&ledger, &site, process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_refused_and_a_killed_one_leaves_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::sqlite(folder.path());
    let first = site.start().await;
    let mut command = site.command(&["serve"]);
    let second = command.env("BELLWETHER__SERVER__ADDRESS", "127.0.0.1:0").output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains(&format!("another Bellwether (process {}) serves the database", first.pid())), "{said}");
    // Commands that are harmless beside it run; one that is not does not.
    let beside = site.command(&["key", "create", "--name", "beside", "--scopes", "read"]).output().unwrap();
    assert!(beside.status.success(), "{}", String::from_utf8_lossy(&beside.stderr));
    let rotate = site.command(&["secrets", "rotate"]).output().unwrap();
    assert!(!rotate.status.success() && String::from_utf8_lossy(&rotate.stderr).contains("another Bellwether"));
    first.kill();
    site.start().await.stop().await;
}
