//! The processor fault: a thread that is busy for a share of its time.
//!
//! Always true: it yields once per period, so that even a full share leaves the machine usable; it ends within one
//! period after it is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const PERIOD: Duration = Duration::from_millis(20);

/// Busy until it is dropped.
#[derive(Debug)]
pub(super) struct BusyThread {
    stop: Arc<AtomicBool>,
}

impl BusyThread {
    /// `share` of one core, 0 to 1.
    pub(super) fn start(share: f64) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let busy = PERIOD.mul_f64(share.clamp(0.0, 1.0));
        let seen = stop.clone();
        let thread = thread::Builder::new().name("cpu-fault".to_owned()).stack_size(64 * 1024);
        if let Err(error) = thread.spawn(move || burn(busy, &seen)) {
            tracing::warn!(%error, "the processor fault has no thread");
        }
        Self { stop }
    }
}

impl Drop for BusyThread {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

fn burn(busy: Duration, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let started = Instant::now();
        while started.elapsed() < busy {
            std::hint::spin_loop();
        }
        match PERIOD.checked_sub(busy).filter(|rest| !rest.is_zero()) {
            Some(rest) => thread::sleep(rest),
            None => thread::yield_now(),
        }
    }
}
