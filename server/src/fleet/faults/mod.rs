//! The fault switches of one service.
//!
//! Always true: at most one fault of a kind is on; its effect lives exactly as long as the task that holds it, so
//! clearing, expiry and shutdown all undo it the same way.

mod cpu;
mod memory;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Time;
use domain::demo::{ActiveFault, FaultKind, InjectFault};
use domain::error::ApiError;
use parking_lot::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::cpu::BusyThread;
use super::kind::ServiceKind;
use super::pool::Pool;

/// Between the answer to the crash switch and the crash, so that the answer arrives.
const CRASH_DELAY: Duration = Duration::from_millis(100);

/// At full intensity a connection leaks this often.
const LEAK_PERIOD: Duration = Duration::from_secs(1);

/// The switches.
#[derive(Debug)]
pub(super) struct Faults {
    kind: ServiceKind,
    pool: Arc<Pool>,
    tasks: TaskTracker,
    active: Mutex<BTreeMap<FaultKind, Running>>,
    n_injected: AtomicU64,
    crash: CancellationToken,
}

/// A fault that is on, and the task that holds its effect.
#[derive(Debug)]
struct Running {
    number: u64,
    view: ActiveFault,
    stop: CancellationToken,
    done: JoinHandle<()>,
}

impl Faults {
    pub(super) fn new(kind: ServiceKind, pool: Arc<Pool>, tasks: TaskTracker) -> Arc<Self> {
        Arc::new(Self {
            kind,
            pool,
            tasks,
            active: Mutex::default(),
            n_injected: AtomicU64::new(0),
            crash: CancellationToken::new(),
        })
    }

    /// Switches a fault on; one of the same kind that is on already ends first.
    pub(super) async fn inject(self: &Arc<Self>, order: &InjectFault) -> Result<(), ApiError> {
        order.validate()?;
        if !self.kind.supported().contains(&order.fault) {
            let known: Vec<_> = self.kind.supported().iter().map(|fault| fault.as_str()).collect();
            let message = format!("{} knows {}, not {}", self.kind, known.join(", "), order.fault);
            return Err(ApiError::field("fault", message));
        }
        self.clear(Some(order.fault)).await;
        tracing::info!(service = %self.kind, fault = %order.fault, intensity = order.intensity, "fault on");

        let duration = Duration::from_secs(order.duration_secs.into());
        let number = self.n_injected.fetch_add(1, Ordering::Relaxed);
        let stop = CancellationToken::new();
        let mut active = self.active.lock();
        let done = self.tasks.spawn(self.clone().hold(order.fault, order.intensity, duration, number, stop.clone()));
        let view = ActiveFault { fault: order.fault, intensity: order.intensity, ends_at: now() + duration };
        // Somebody who injected the same kind at the same moment: theirs ends, ours stays.
        if let Some(other) = active.insert(order.fault, Running { number, view, stop, done }) {
            other.stop.cancel();
        }
        Ok(())
    }

    /// Switches one kind off, or all; returns when the effect is gone.
    pub(super) async fn clear(&self, fault: Option<FaultKind>) {
        let ended: Vec<Running> = {
            let mut active = self.active.lock();
            match fault {
                Some(fault) => active.remove(&fault).into_iter().collect(),
                None => std::mem::take(&mut *active).into_values().collect(),
            }
        };
        for running in ended {
            running.stop.cancel();
            if running.done.await.is_err() {
                tracing::warn!(fault = %running.view.fault, "the task of a fault failed");
            }
        }
    }

    /// What is on.
    pub(super) fn list(&self) -> Vec<ActiveFault> {
        self.active.lock().values().map(|running| running.view.clone()).collect()
    }

    /// How strong a fault is, if it is on.
    pub(super) fn intensity(&self, fault: FaultKind) -> Option<f64> {
        self.active.lock().get(&fault).map(|running| running.view.intensity)
    }

    /// Returns when the crash fault wants the process to end.
    pub(super) async fn crashed(&self) {
        self.crash.cancelled().await;
    }

    async fn hold(
        self: Arc<Self>,
        fault: FaultKind,
        intensity: f64,
        duration: Duration,
        number: u64,
        stop: CancellationToken,
    ) {
        tokio::select! {
            never = self.effect(fault, intensity) => match never {},
            () = stop.cancelled() => {}
            () = tokio::time::sleep(duration) => {}
        }
        let mut active = self.active.lock();
        if active.get(&fault).is_some_and(|running| running.number == number) {
            active.remove(&fault);
        }
        tracing::info!(service = %self.kind, %fault, "fault off");
    }

    /// The effect, which ends when this is dropped. What handlers ask for by
    /// [`intensity`](Self::intensity) needs nothing here.
    async fn effect(&self, fault: FaultKind, intensity: f64) -> Infallible {
        match fault {
            FaultKind::MemoryLeak => memory::leak(intensity).await,
            FaultKind::Cpu => {
                let _busy = BusyThread::start(intensity);
                pending().await
            }
            FaultKind::ConnectionLeak => {
                let _leak = PoolLeak::start(&self.pool, LEAK_PERIOD.div_f64(intensity));
                pending().await
            }
            FaultKind::Crash => {
                tokio::time::sleep(CRASH_DELAY).await;
                self.crash.cancel();
                pending().await
            }
            FaultKind::Latency | FaultKind::Errors | FaultKind::Drift => pending().await,
        }
    }
}

/// A leak that is stopped when this is dropped.
struct PoolLeak<'a>(&'a Pool);

impl<'a> PoolLeak<'a> {
    fn start(pool: &'a Pool, every: Duration) -> Self {
        pool.start_leak(every);
        Self(pool)
    }
}

impl Drop for PoolLeak<'_> {
    fn drop(&mut self) {
        self.0.stop_leak();
    }
}

/// The wall clock.
#[expect(clippy::disallowed_methods, reason = "the fleet is another program: its time is real, in tests too")]
pub(super) fn now() -> Time {
    std::time::SystemTime::now().into()
}
