//! The rate limit of a key: the generic cell rate algorithm (ITU-T I.371), one number a key.
//!
//! Always true: a full minute's worth may come at once and is given back evenly over the minute.

use domain::key::RateLimit;

use crate::clock::from_ms;

const WINDOW_MS: f64 = 60_000.0;

/// The state of one key's limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limiter {
    /// Theoretical arrival time, Unix milliseconds: when the bucket is full again.
    full_at_ms: f64,
}

impl Limiter {
    /// Counts one call. `Err` holds the milliseconds to wait.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "milliseconds and counts are far below 2^52"
    )]
    pub(super) fn take(&mut self, limit: u32, now_ms: i64) -> (RateLimit, Result<(), u64>) {
        let now = now_ms as f64;
        let cost = WINDOW_MS / f64::from(limit.max(1));
        let base = self.full_at_ms.max(now);
        let after = base + cost;
        // Half a millisecond of grace: sums of fractions must not cost the last call.
        let outcome = if after - now <= WINDOW_MS + 0.5 {
            self.full_at_ms = after;
            Ok(())
        } else {
            Err((after - now - WINDOW_MS).ceil() as u64)
        };
        let used = (self.full_at_ms - now).max(0.0);
        let remaining = ((WINDOW_MS - used + 0.5) / cost).floor().max(0.0) as u32;
        let state = RateLimit { limit, remaining, reset_at: from_ms(now_ms + used.ceil() as i64) };
        (state, outcome)
    }
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
