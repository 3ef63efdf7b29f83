//! A pool of connections: a counted resource that requests wait for.
//!
//! Always true: a leaked connection is really gone from the pool until the leak is switched off; nobody waits
//! longer than [`PATIENCE`].

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How long a request waits for a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// No connection came free in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no connection came free within {} s", PATIENCE.as_secs())]
pub(super) struct PoolTimeout;

/// The pool.
#[derive(Debug)]
pub(super) struct Pool {
    permits: Arc<Semaphore>,
    size: usize,
    waiting: AtomicUsize,
    leak: Mutex<Option<Leak>>,
}

/// A running leak: what it took, and when it takes next.
#[derive(Debug)]
struct Leak {
    every: Duration,
    next: Instant,
    taken: Vec<OwnedSemaphorePermit>,
}

/// A connection in use; dropping it gives it back, unless a leak takes it.
#[derive(Debug)]
pub(super) struct Connection {
    pool: Arc<Pool>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Pool {
    pub(super) fn new(size: usize) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(size));
        Arc::new(Self { permits, size, waiting: AtomicUsize::new(0), leak: Mutex::new(None) })
    }

    /// A connection, as soon as one is free.
    pub(super) async fn acquire(self: &Arc<Self>) -> Result<Connection, PoolTimeout> {
        let _waiting = Waiting::start(&self.waiting);
        match tokio::time::timeout(PATIENCE, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Connection { pool: self.clone(), permit: Some(permit) }),
            Ok(Err(_)) | Err(_) => Err(PoolTimeout),
        }
    }

    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// Connections that a request could have at once.
    pub(super) fn idle(&self) -> usize {
        self.permits.available_permits()
    }

    /// Requests that wait for a connection.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// From now on at most one connection `every` so often is not given back by the request that used it.
    pub(super) fn start_leak(&self, every: Duration) {
        *self.leak.lock() = Some(Leak { every, next: Instant::now(), taken: Vec::new() });
    }

    /// Gives back everything that leaked.
    pub(super) fn stop_leak(&self) {
        *self.leak.lock() = None;
    }

    fn give_back(&self, permit: OwnedSemaphorePermit) {
        let now = Instant::now();
        if let Some(leak) = self.leak.lock().as_mut().filter(|leak| leak.next <= now) {
            leak.next = now + leak.every;
            leak.taken.push(permit);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            self.pool.give_back(permit);
        }
    }
}

/// Counts one waiting request, also when its caller hangs up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn start(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn a_leak_takes_what_is_used_until_it_is_stopped() {
        let pool = Pool::new(2);
        pool.start_leak(Duration::ZERO);
        drop(pool.acquire().await.unwrap());
        drop(pool.acquire().await.unwrap());
        assert_eq!(pool.idle(), 0);
        pool.stop_leak();
        drop(pool.acquire().await.unwrap());
        assert_eq!(pool.idle(), 2);
    }

    #[tokio::test]
    async fn a_leak_is_no_faster_than_told() {
        let pool = Pool::new(3);
        pool.start_leak(Duration::from_secs(3_600));
        for _ in 0..10 {
            drop(pool.acquire().await.unwrap());
        }
        assert_eq!(pool.idle(), 2);
    }

    #[tokio::test]
    async fn a_waiting_request_is_counted_until_it_is_dropped() {
        let pool = Pool::new(1);
        let held = pool.acquire().await.unwrap();
        let mut second = Box::pin(pool.acquire());
        assert!(second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(pool.waiting(), 1);
        drop(second);
        assert_eq!((pool.waiting(), pool.idle()), (0, 0));
        drop(held);
        assert_eq!(pool.idle(), 1);
    }
}
