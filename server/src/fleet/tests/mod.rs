//! The fleet from outside: real processes and real HTTP, as the supervisor and the scraper see it.
//!
//! Always true: nothing waits for a fixed time; what takes time is polled for, with a deadline.

mod client;
mod control;
mod faults;
mod graph;
mod process;
mod scrape;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::client::Client;
use super::{FleetOptions, ServiceKind, serve};

/// Longer than anything that is waited for takes, on a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// Between two looks at something that is waited for.
const POLL: Duration = Duration::from_millis(20);

const TOKEN: &str = "a-token-of-these-tests";

/// A service in this process, stopped when dropped.
struct Running {
    client: Client,
    port: u16,
    stop: CancellationToken,
}

impl Running {
    /// Without load, so that a test knows every request.
    async fn start(kind: ServiceKind) -> Self {
        Self::start_with(kind, &[], 0.0).await
    }

    async fn start_with(kind: ServiceKind, peers: &[(ServiceKind, &Self)], load_per_sec: f64) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let peers: BTreeMap<_, _> = peers.iter().map(|(kind, peer)| (kind.name().to_owned(), peer.port)).collect();
        let options =
            FleetOptions { name: kind.name().to_owned(), port, peers, seed: 1, token: TOKEN.to_owned(), load_per_sec };
        let stop = CancellationToken::new();
        TaskTracker::new().spawn(serve(options, listener, stop.clone()));
        Self { client: Client::new(port, TOKEN), port, stop }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Looks until `probe` has a value.
async fn eventually<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let search = async {
        let mut looks = tokio::time::interval(POLL);
        loop {
            looks.tick().await;
            if let Some(found) = probe().await {
                return found;
            }
        }
    };
    match tokio::time::timeout(DEADLINE, search).await {
        Ok(found) => found,
        Err(_) => panic!("waited {} s for: {what}", DEADLINE.as_secs()),
    }
}
