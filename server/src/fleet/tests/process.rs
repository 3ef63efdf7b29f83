//! A service as a process: crash, memory, and the death of its parent.
//!
//! Always true: the processes are this test program again, in a role given by an environment variable; each ends
//! with its test, because its standard input does.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};

use axum::http::StatusCode;

use super::client::Client;
use super::{FleetOptions, ServiceKind, TOKEN, eventually};

const ROLE: &str = "FLEET_TEST_ROLE";
const PORT: &str = "FLEET_TEST_PORT";

/// What this program exits with when the service ends with an error: not what a failed test exits with.
const SERVICE_ERROR: i32 = 3;

/// This program in another role; killed when dropped.
struct Process(Child);

impl Process {
    fn start(role: &str, port: u16, stdin: Stdio) -> Self {
        let name = module_path!().split_once("::").unwrap().1;
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{name}::as_another_process"), "--ignored", "--nocapture"])
            .env(ROLE, role)
            .env(PORT, port.to_string())
            .stdin(stdin)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self(child)
    }

    async fn ended(&mut self) -> ExitStatus {
        eventually("the process to end", async || self.0.try_wait().unwrap()).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

async fn reachable(client: &Client) {
    eventually("the service to answer", async || {
        let (status, ..) = client.try_call(axum::http::Method::GET, "/healthz", "").await?;
        (status == StatusCode::OK).then_some(())
    })
    .await;
}

#[test]
#[ignore = "not a test: the program in the role of a service or of its parent, started by the tests below"]
#[expect(clippy::disallowed_methods, reason = "the exit status tells an error of the service from a failed test")]
fn as_another_process() {
    let (Ok(role), Ok(port)) = (std::env::var(ROLE), std::env::var(PORT)) else { return };
    let port = port.parse().unwrap();
    if role == "parent" {
        let _child = Process::start("service", port, Stdio::piped());
        println!("\nparent is ready");
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return;
    }
    let options = FleetOptions {
        name: ServiceKind::Users.name().to_owned(),
        port,
        peers: [].into(),
        seed: 1,
        token: TOKEN.to_owned(),
        load_per_sec: 0.0,
    };
    std::process::exit(if crate::fleet::main(options).is_ok() { 0 } else { SERVICE_ERROR });
}

#[tokio::test]
async fn the_crash_fault_answers_and_then_ends_the_process_with_101() {
    let port = free_port();
    let mut process = Process::start("service", port, Stdio::piped());
    let client = Client::new(port, TOKEN);
    reachable(&client).await;
    assert_eq!(client.inject("crash", 1.0, 60).await.0, StatusCode::ACCEPTED);
    assert_eq!(process.ended().await.code(), Some(101));
}

#[tokio::test]
async fn a_closed_standard_input_ends_the_process_in_order() {
    let port = free_port();
    let mut process = Process::start("service", port, Stdio::piped());
    reachable(&Client::new(port, TOKEN)).await;
    drop(process.0.stdin.take());
    assert_eq!(process.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut process = Process::start("service", port, Stdio::piped());
    assert_eq!(process.ended().await.code(), Some(SERVICE_ERROR));
}

#[tokio::test]
async fn killing_the_parent_ends_the_service() {
    let port = free_port();
    let mut parent = Process::start("parent", port, Stdio::piped());
    let mut lines = BufReader::new(parent.0.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "parent is ready"));
    let client = Client::new(port, TOKEN);
    reachable(&client).await;
    // SIGKILL: the parent has no chance to stop its child.
    parent.0.kill().unwrap();
    eventually("the service to be gone", async || TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()).await;
}

#[tokio::test]
async fn a_memory_leak_is_resident_and_given_back_each_time() {
    const MEGABYTE: f64 = 1024.0 * 1024.0;
    let port = free_port();
    let _process = Process::start("service", port, Stdio::piped());
    let client = Client::new(port, TOKEN);
    reachable(&client).await;
    let resident = async || client.sample("process_resident_memory_bytes").await.unwrap() / MEGABYTE;
    for _ in 0..2 {
        // The process has a life of its own, so what it has now is compared, not what it once had.
        let before = resident().await;
        client.inject("memory_leak", 1.0, 60).await;
        let grown =
            eventually("12 MB of growth", async || Some(resident().await).filter(|now| *now > before + 12.0)).await;
        client.clear().await;
        eventually("the memory to be given back", async || (resident().await < grown - 8.0).then_some(())).await;
    }
}
