//! The platform with a fleet, and what the tests ask of it.
//!
//! Always true: the fleet is this very binary; each world has a database of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::demo::{DemoService, FaultKind, InjectFault};
use platform::Platform;
use platform::actor::Actor;
use platform::clock::SystemClock;
use server::config::Config;
use server::fleet::members;

const DEADLINE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);

pub(crate) async fn start(folder: &Path, is_demo: bool) -> Platform {
    let database = ("BELLWETHER__DATABASE__URL".to_owned(), format!("sqlite:{}/test.db", folder.display()));
    let mut config = Config::load(None, std::iter::once(database)).unwrap().platform;
    config.demo.enabled = is_demo;
    config.demo.fleet = Some(members(env!("CARGO_BIN_EXE_bellwether").into()));
    config.scrape.host_interval_ms = 0;
    Platform::start(config, Arc::new(SystemClock), Vec::new()).await.unwrap()
}

pub(crate) async fn eventually<T>(what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let search = async {
        let mut looks = tokio::time::interval(POLL);
        loop {
            looks.tick().await;
            if let Some(found) = probe().await {
                return found;
            }
        }
    };
    tokio::time::timeout(DEADLINE, search)
        .await
        .unwrap_or_else(|_| panic!("waited {} s for: {what}", DEADLINE.as_secs()))
}

pub(crate) async fn member(platform: &Platform, name: &str) -> DemoService {
    let status = platform.demo().status(&Actor::System).await.unwrap();
    status.services.into_iter().find(|service| service.name == name).unwrap()
}

/// Every target's last scrape was fine.
pub(crate) async fn all_scraped(platform: &Platform, n: usize) {
    eventually("a scrape of every service", async || {
        let targets = platform.targets().list(&Actor::System).await.unwrap();
        let is_up = |target: &domain::target::Target| target.last_scrape.as_ref().is_some_and(|scrape| scrape.is_up);
        (targets.len() == n && targets.iter().all(|target| target.is_simulated && is_up(target))).then_some(())
    })
    .await;
}

/// The one value of a query, if there is one.
pub(crate) async fn value(platform: &Platform, query: &str) -> Option<f64> {
    let answer = platform.metrics().query(&Actor::System, query, None).await.unwrap();
    let answer = serde_json::to_value(&answer).unwrap();
    answer["result"][0]["value"][1].as_str()?.parse().ok()
}

pub(crate) fn fault(service: &str, fault: FaultKind, intensity: f64) -> InjectFault {
    InjectFault { service: service.to_owned(), fault, intensity, duration_secs: 300 }
}

pub(crate) fn is_alive(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}
