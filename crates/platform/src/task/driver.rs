//! Runs every background task, on its period and when woken, and remembers how it went.
//!
//! Always true: activations of one task never overlap; cancelling stops new activations and waits for running ones.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use domain::system::TaskStatus;
use futures::FutureExt as _;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Activator, BackgroundTask};
use crate::clock::Clock;

/// Owner of all background tasks.
#[derive(Clone, Debug)]
pub struct Driver {
    statuses: Arc<Mutex<Vec<TaskStatus>>>,
    tracker: TaskTracker,
    shutdown: CancellationToken,
    clock: Arc<dyn Clock>,
}

impl Driver {
    /// A driver without tasks; they run on the tracker until the token is cancelled.
    #[must_use]
    pub fn new(tracker: TaskTracker, shutdown: CancellationToken, clock: Arc<dyn Clock>) -> Self {
        Self { statuses: Arc::default(), tracker, shutdown, clock }
    }

    /// Takes a task and starts it.
    pub fn run<T: BackgroundTask>(&self, mut task: T, activator: Activator) {
        let index = self.register::<T>(&task);
        let driver = self.clone();
        self.tracker.spawn(async move {
            let mut ticks = tokio::time::interval(task.period());
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    biased;
                    () = driver.shutdown.cancelled() => return,
                    () = activator.activated() => {}
                    _ = ticks.tick() => {}
                }
                driver.activate(index, &mut task).await;
            }
        });
    }

    /// How all tasks are doing, in the order of their start.
    #[must_use]
    pub fn statuses(&self) -> Vec<TaskStatus> {
        self.statuses.lock().clone()
    }

    fn register<T: BackgroundTask>(&self, task: &T) -> usize {
        let mut statuses = self.statuses.lock();
        statuses.push(TaskStatus {
            name: T::NAME.to_owned(),
            about: T::ABOUT.to_owned(),
            period_ms: u64::try_from(task.period().as_millis()).unwrap_or(u64::MAX),
            is_running: false,
            last_started_at: None,
            last_duration_ms: None,
            last_report: None,
            last_error: None,
            runs: 0,
            failures: 0,
        });
        statuses.len() - 1
    }

    async fn activate<T: BackgroundTask>(&self, index: usize, task: &mut T) {
        let now = self.clock.now();
        self.update(index, |status| {
            status.is_running = true;
            status.last_started_at = Some(now);
        });
        let started = Instant::now();
        let outcome = AssertUnwindSafe(task.activate()).catch_unwind().await;
        let duration = started.elapsed().as_secs_f64() * 1_000.0;
        let outcome = match outcome {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(error)) => Err(error.chain()),
            Err(panic) => Err(format!("panicked: {}", panic_text(&*panic))),
        };
        if let Err(error) = &outcome {
            tracing::error!(task.name = T::NAME, error, "background task failed");
        }
        self.update(index, |status| {
            status.is_running = false;
            status.last_duration_ms = Some(duration);
            status.runs += 1;
            match outcome {
                Ok(report) => {
                    status.last_report = Some(report);
                    status.last_error = None;
                }
                Err(error) => {
                    status.failures += 1;
                    status.last_error = Some(error);
                }
            }
        });
    }

    fn update(&self, index: usize, change: impl FnOnce(&mut TaskStatus)) {
        if let Some(status) = self.statuses.lock().get_mut(index) {
            change(status);
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::SystemClock;
    use crate::error::{Error, Result};

    struct Flaky(u32, tokio::sync::mpsc::Sender<u32>);

    impl BackgroundTask for Flaky {
        const NAME: &'static str = "flaky";
        const ABOUT: &'static str = "fails twice in two ways";
        fn period(&self) -> Duration {
            Duration::from_secs(3_600)
        }
        async fn activate(&mut self) -> Result<String> {
            self.0 += 1;
            self.1.send(self.0).await.unwrap();
            match self.0 {
                1 => panic!("first"),
                2 => Err(Error::NotFound { what: "it" }),
                n => Ok(format!("run {n}")),
            }
        }
    }

    #[tokio::test]
    async fn a_panic_and_an_error_are_counted_and_the_next_wake_runs_again() {
        let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let driver = Driver::new(tracker.clone(), shutdown.clone(), Arc::new(SystemClock));
        let (sender, mut runs) = tokio::sync::mpsc::channel(1);
        let activator = Activator::default();
        driver.run(Flaky(0, sender), activator.clone());
        for n in 1..=3 {
            assert_eq!(runs.recv().await, Some(n));
            activator.activate();
        }
        runs.recv().await;
        shutdown.cancel();
        tracker.close();
        tracker.wait().await;
        let status = &driver.statuses()[0];
        assert_eq!((status.runs, status.failures), (4, 2));
        assert_eq!(status.last_report.as_deref(), Some("run 4"));
        assert!(!status.is_running);
    }
}
