//! One process of the fleet: its command, its port, its orderly end.
//!
//! Always true: the process gets nothing of our environment but the token; it ends when we do, however we end.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use super::fleet::{SUBCOMMAND, TOKEN_VARIABLE};

/// Where ports are looked for: below those that the system gives to outgoing connections, so that none of them sits
/// on the port of a service that is being restarted.
const PORTS: Range<u16> = 20_000..30_000;

/// How long a process may take to end after it was told to.
const GRACE: Duration = Duration::from_secs(3);

/// What a process is told.
#[derive(Debug)]
pub(super) struct Launch<'a> {
    pub(super) executable: &'a Path,
    pub(super) name: &'a str,
    pub(super) port: u16,
    pub(super) peers: Vec<(&'a str, u16)>,
    pub(super) seed: usize,
    pub(super) token: &'a str,
}

impl Launch<'_> {
    pub(super) fn start(&self) -> io::Result<Child> {
        let mut command = Command::new(self.executable);
        command.arg(SUBCOMMAND).args(["--name", self.name]);
        command.args(["--port", &self.port.to_string(), "--seed", &self.seed.to_string()]);
        for (name, port) in &self.peers {
            command.args(["--peer", &format!("{name}={port}")]);
        }
        command
            .env_clear()
            .env(TOKEN_VARIABLE, self.token)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Ctrl-C in a terminal goes to the whole group: the fleet is stopped by us, in order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
    }
}

/// Waits for a process whose standard input has been closed; kills it when it does not end.
pub(super) async fn end(mut child: Child) -> io::Result<()> {
    match tokio::time::timeout(GRACE, child.wait()).await {
        Ok(ended) => ended.map(|_| ()),
        Err(_) => child.kill().await,
    }
}

/// The first port on loopback, from a place that depends on `place` only, that nobody listens on and that is not
/// among those `taken`.
pub(super) fn free_port(place: u16, taken: &[u16]) -> io::Result<u16> {
    let width = PORTS.end - PORTS.start;
    (0..width)
        .map(|i| PORTS.start + (place % width + i) % width)
        .find(|port| !taken.contains(port) && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or_else(|| io::Error::other(format!("every port from {} to {} is taken", PORTS.start, PORTS.end - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_can_be_listened_on_and_is_not_given_twice() {
        let first = free_port(u16::MAX, &[]).unwrap();
        let second = free_port(u16::MAX, &[first]).unwrap();
        assert!(PORTS.contains(&first) && PORTS.contains(&second) && first != second);
        let _listener = TcpListener::bind((Ipv4Addr::LOCALHOST, first)).unwrap();
        assert_ne!(free_port(u16::MAX, &[]).unwrap(), first);
    }
}
