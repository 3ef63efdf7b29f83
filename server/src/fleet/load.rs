//! The load generator: requests that start on schedule, whether or not earlier ones have been answered.
//!
//! Always true: it comes in through the service's own front door over HTTP; the schedule depends on the seed only;
//! at most [`MAX_OPEN`] requests are open.

use std::f64::consts::TAU;
use std::sync::Arc;
use std::time::Duration;

use domain::demo::FaultKind;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::dice::Dice;
use super::kind::ServiceKind;
use super::model::{EventSource, pick_user};
use super::peers::{PeerError, Reply};
use super::service::Service;
use super::services::orders::NewOrder;
use super::services::threat::Question;

/// More than this are not started: the schedule goes on without them.
const MAX_OPEN: usize = 256;

/// How long traffic waits for the services it will reach.
const WARM_UP: Duration = Duration::from_secs(10);

/// Between two questions whether they are there.
const WARM_UP_STEP: Duration = Duration::from_millis(100);

/// Two slow waves: share of the mean rate, period in seconds.
const WAVES: [(f64, f64); 2] = [(0.10, 420.0), (0.05, 97.0)];

/// A gap is at most this share shorter or longer than the rate says.
const JITTER: f64 = 0.25;

/// The median amount of an order.
const TYPICAL_DOLLARS: f64 = 40.0;

/// Streams of the draws, see [`Dice::new`].
const SCHEDULE_STREAM: u64 = 3;
const CONTENT_STREAM: u64 = 4;

/// Sends `mean_rate` requests a second until `stop`.
pub(super) async fn generate(service: Arc<Service>, mean_rate: f64, seed: u64, stop: CancellationToken) {
    let sender = Arc::new(Sender::new(service, seed));
    let schedule = Dice::new(seed, SCHEDULE_STREAM);
    let open = Arc::new(Semaphore::new(MAX_OPEN));
    let tasks = TaskTracker::new();
    let send_on_time = async {
        sender.wait_for_peers().await;
        let started = Instant::now();
        let mut next = started;
        loop {
            let jitter = 1.0 + JITTER * (2.0 * schedule.unit() - 1.0);
            next += gap(mean_rate, next - started).mul_f64(jitter);
            tokio::time::sleep_until(next).await;
            if let Ok(place) = open.clone().try_acquire_owned() {
                let sender = sender.clone();
                tasks.spawn(async move {
                    // What became of it is in the metrics of the service that answered.
                    let outcome = sender.send().await;
                    tracing::trace!(?outcome, "load");
                    drop(place);
                });
            }
        }
    };
    tokio::select! {
        () = send_on_time => {}
        () = stop.cancelled() => {}
    }
}

/// The mean time between two requests at a moment.
fn gap(mean_rate: f64, at: Duration) -> Duration {
    let wave: f64 = WAVES.iter().map(|(share, period)| share * (TAU * at.as_secs_f64() / period).sin()).sum();
    Duration::from_secs_f64(1.0 / (mean_rate * (1.0 + wave)))
}

/// Makes up requests.
struct Sender {
    service: Arc<Service>,
    dice: Dice,
    events: EventSource,
}

impl Sender {
    fn new(service: Arc<Service>, seed: u64) -> Self {
        let events = EventSource::new(Dice::new(seed, CONTENT_STREAM));
        Self { service, dice: Dice::new(seed, CONTENT_STREAM + 1), events }
    }

    async fn send(&self) -> Result<Reply, PeerError> {
        let (kind, peers) = (self.service.kind, &self.service.peers);
        if kind == ServiceKind::ThreatDetection {
            let shift = self.service.faults.intensity(FaultKind::Drift).unwrap_or(0.0);
            let (event, user) = self.events.draw(shift);
            return peers.post(kind, "/predict", &Question { user, event }).await;
        }
        let amount = TYPICAL_DOLLARS * self.dice.log_normal(0.6);
        let order = NewOrder { user: pick_user(&self.dice), amount_dollars: (amount * 100.0).round() / 100.0 };
        peers.post(kind, "/orders", &order).await
    }

    /// So that a fleet that is just starting does not begin with errors.
    async fn wait_for_peers(&self) {
        let all_there = async {
            for &peer in self.service.kind.peers() {
                while self.service.peers.get(peer, "/healthz").await.is_err() {
                    tokio::time::sleep(WARM_UP_STEP).await;
                }
            }
        };
        if tokio::time::timeout(WARM_UP, all_there).await.is_err() {
            tracing::warn!(service = %self.service.kind, "a peer is missing; the load starts without it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_varies_gently_around_its_mean() {
        let rates: Vec<f64> = (0..4_200).map(|s| 1.0 / gap(10.0, Duration::from_secs(s)).as_secs_f64()).collect();
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        assert!((mean - 10.0).abs() < 0.1, "{mean}");
        assert!(rates.iter().all(|rate| (8.4..=11.6).contains(rate)));
        assert!(rates.iter().any(|&rate| rate > 11.0) && rates.iter().any(|&rate| rate < 9.0));
    }
}
