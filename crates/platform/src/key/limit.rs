//! The rate limit of a key: the generic cell rate algorithm (ITU-T I.371), one number a key.
//!
//! Always true: a full minute's worth may come at once and is given back evenly over the minute.

use domain::key::RateLimit;

use crate::clock::from_ms;

const WINDOW_MS: f64 = 60_000.0;
const GRACE_MS: f64 = 0.5;

/// The state of one key's limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limiter {
    /// Theoretical arrival time, Unix milliseconds: when the bucket is full again.
    full_at_ms: f64,
}

impl Limiter {
    /// Counts one call. `Err` holds the milliseconds to wait.
    pub(super) fn take(&mut self, limit: u32, now_ms: i64) -> (RateLimit, Result<(), u64>) {
        let after = self.full_at_ms.max(now_ms as f64) + cost_ms(limit);
        let over = after - now_ms as f64 - WINDOW_MS;
        // Half a millisecond of grace: sums of fractions must not cost the last call.
        let outcome = if over <= GRACE_MS {
            self.full_at_ms = after;
            Ok(())
        } else {
            Err(over.ceil() as u64)
        };
        (self.state(limit, now_ms), outcome)
    }

    /// How much is left.
    pub(super) fn state(&self, limit: u32, now_ms: i64) -> RateLimit {
        let used = (self.full_at_ms - now_ms as f64).max(0.0);
        let remaining = ((WINDOW_MS - used + GRACE_MS) / cost_ms(limit)).floor().max(0.0) as u32;
        RateLimit { limit, remaining, reset_at: from_ms(now_ms + used.ceil() as i64) }
    }
}

fn cost_ms(limit: u32) -> f64 {
    WINDOW_MS / f64::from(limit.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_passes_at_once_and_comes_back_evenly() {
        let mut limiter = Limiter::default();
        for left in (0..60).rev() {
            let (state, outcome) = limiter.take(60, 0);
            assert_eq!((state.remaining, outcome), (left, Ok(())));
        }
        assert_eq!(limiter.take(60, 0).1, Err(1_000));
        assert_eq!(limiter.take(60, 999).1, Err(1));
        assert_eq!(limiter.take(60, 1_000).1, Ok(()));
        assert_eq!(limiter.take(60, 61_000).0.remaining, 59);
    }
}
