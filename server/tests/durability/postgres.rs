//! PostgreSQL: a database in the one the whole test run shares, or a server of one's own to stop and start.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk::{Ledger, check_twice, readiness};
use crate::process::{Site, eventually};

/// The URL of an empty database, or nothing and a word about it when the run has no PostgreSQL.
pub(crate) fn fresh_postgres() -> Option<String> {
    let Ok(server) = std::env::var("BELLWETHER_TEST_POSTGRES") else {
        println!("skipped: BELLWETHER_TEST_POSTGRES does not name a PostgreSQL");
        return None;
    };
    let name = format!("durability_{}", uuid::Uuid::now_v7().simple());
    let made = Command::new("psql").args([&server, "-qc", &format!("CREATE DATABASE {name}")]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
}

/// A server that belongs to one test.
struct Server {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Server {
    /// Nothing, and a word about it, where PostgreSQL is not installed.
    fn make(folder: &Path) -> Option<Self> {
        let Some(programs) = programs() else {
            println!("skipped: there is no initdb of PostgreSQL on this machine");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, data: folder.join("postgres"), port };
        std::fs::create_dir(&server.data).unwrap();
        // It refuses to run as the superuser; the package made a user for it.
        if is_root() {
            let open = Command::new("chmod").arg("755").arg(folder).status().unwrap();
            let given = Command::new("chown").arg("postgres").arg(&server.data).status().unwrap();
            assert!(open.success() && given.success());
        }
        let data = server.data.display().to_string();
        server
            .run("initdb", &["-D", &data, "-U", "bellwether", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        Some(server)
    }

    fn run(&self, program: &str, args: &[&str]) {
        let program = self.programs.join(program);
        let mut command = Command::new("setpriv");
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
        } else {
            command = Command::new(program);
        }
        let log = self.data.with_extension("log");
        let out = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let done = command.args(args).current_dir("/").stdout(out.try_clone().unwrap()).stderr(out).status().unwrap();
        assert!(done.success(), "{}", std::fs::read_to_string(log).unwrap());
    }

    fn control(&self, args: &[&str]) {
        let data = self.data.display().to_string();
        let log = self.data.join("log").display().to_string();
        self.run("pg_ctl", &[&["-D", &data, "-w", "-t", "60", "-l", &log], args].concat());
    }

    fn start(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c fsync=off",
            self.port,
            self.data.display()
        );
        self.control(&["-o", &options, "start"]);
    }

    fn url(&self) -> String {
        format!("postgresql://bellwether@127.0.0.1:{}/postgres", self.port)
    }

    fn sql(&self, sql: &str) {
        let done = Command::new("psql").args([&self.url(), "-qc", sql]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.data.join("postmaster.pid").exists() {
            self.control(&["-m", "immediate", "stop"]);
        }
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}

/// Debian keeps the programs of the server off the path.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let places = std::env::split_paths(&path).chain(debian.map(|version| version.path().join("bin")));
    places.into_iter().find(|place| place.join("initdb").exists() && place.join("pg_ctl").exists())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_stops_refuses_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::make(folder.path()) else { return };
    server.start();
    let site = Site::new(folder.path(), &server.url());
    let process = site.start().await;
    let mut ledger = Ledger::new();
    ledger.send(&site, 100).await.unwrap();

    for mode in ["fast", "immediate"] {
        server.control(&["-m", mode, "stop"]);
        let message = ledger.send(&site, 10).await.unwrap_err();
        assert!(message.contains("the database cannot be reached"), "{message}");
        eventually("readiness that says why not", async || {
            (readiness(&site).await == (503, "cannot be reached".to_owned())).then_some(())
        })
        .await;
        server.start();
        ledger.send_until_taken(&site, 10).await;
        eventually("a ready process", async || (readiness(&site).await.0 == 200).then_some(())).await;
        ledger.check(&site).await;
    }
    check_twice(&ledger, &site, process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_postgres_refuses_and_heals() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::make(folder.path()) else { return };
    server.start();
    let site = Site::new(folder.path(), &server.url());
    let process = site.start().await;
    let mut ledger = Ledger::new();
    ledger.send(&site, 10).await.unwrap();

    server.sql("ALTER SYSTEM SET default_transaction_read_only = on");
    server.control(&["reload"]);
    let message = ledger.send_until_refused(&site, 10).await;
    assert!(message.contains("the database is read-only"), "{message}");
    eventually("readiness that says why not", async || {
        (readiness(&site).await == (503, "is read-only".to_owned())).then_some(())
    })
    .await;

    std::fs::write(server.data.join("postgresql.auto.conf"), "").unwrap();
    server.control(&["reload"]);
    ledger.send_until_taken(&site, 10).await;
    check_twice(&ledger, &site, process).await;
}

/// While the first was cut off, a second took over: the first must not write any more.
#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_database_to_another_process_writes_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::make(folder.path()) else { return };
    server.start();
    let (first, second) = (Site::new(folder.path(), &server.url()), Site::new(folder.path(), &server.url()));
    let cut_off = first.start().await;
    let mut lost = Ledger::new();
    lost.send(&first, 10).await.unwrap();

    cut_off.signal("STOP");
    server.control(&["-m", "fast", "stop"]);
    server.start();
    let taking_over = second.start().await;
    cut_off.signal("CONT");
    let message = lost.send(&first, 10).await.unwrap_err();
    assert!(message.contains("the database is served by another process now"), "{message}");
    eventually("readiness that says why not", async || {
        let said = "is served by another process now: stop one of the two".to_owned();
        (readiness(&first).await == (503, said)).then_some(())
    })
    .await;
    lost.check(&second).await;

    // Nor when the other has stopped: what that one stored, this one does not know.
    taking_over.stop().await;
    assert!(lost.send(&first, 10).await.is_err());
    cut_off.stop().await;
}
