//! How long to wait before a service that ended is started again.
//!
//! Always true: between [`FIRST`] and [`LONGEST`]; doubled each time, and back to the first after a long enough life.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// A service that lived this long had started well.
const STEADY: Duration = Duration::from_secs(60);

/// The waits of one service.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(super) const fn new() -> Self {
        Self { next: FIRST }
    }

    /// The wait after a life of the given length.
    pub(super) fn after(&mut self, life: Duration) -> Duration {
        let wait = if life >= STEADY { FIRST } else { self.next };
        self.next = (wait * 2).min(LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lives_double_the_wait_and_a_long_one_resets_it() {
        let mut backoff = Backoff::new();
        let secs = |backoff: &mut Backoff, life| backoff.after(Duration::from_secs(life)).as_secs();
        let waits: Vec<_> = (0..7).map(|_| secs(&mut backoff, 0)).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(secs(&mut backoff, 60), 1);
        assert_eq!(secs(&mut backoff, 0), 2);
    }
}
