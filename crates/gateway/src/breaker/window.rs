//! What happened in the last seconds: counts of calls, failures and slow calls.

use std::collections::VecDeque;

#[derive(Clone, Copy, Debug, Default)]
struct Second {
    at: i64,
    counts: Counts,
}

/// Counts over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) calls: u32,
    pub(crate) failures: u32,
    pub(crate) slow: u32,
}

/// A sliding window of whole seconds. Seconds without a call take no room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    seconds: VecDeque<Second>,
    total: Counts,
}

impl Window {
    /// Adds a call, and forgets what is older than the window.
    pub(crate) fn add(&mut self, now_ms: i64, window_secs: u32, is_failure: bool, is_slow: bool) {
        let at = now_ms.div_euclid(1_000);
        self.forget(at - i64::from(window_secs));
        if self.seconds.back().is_none_or(|last| last.at < at) {
            self.seconds.push_back(Second { at, ..Second::default() });
        }
        let Some(second) = self.seconds.back_mut() else { return };
        for counts in [&mut second.counts, &mut self.total] {
            counts.calls += 1;
            counts.failures += u32::from(is_failure);
            counts.slow += u32::from(is_slow);
        }
    }

    /// What is in the window now.
    pub(crate) fn counts(&mut self, now_ms: i64, window_secs: u32) -> Counts {
        self.forget(now_ms.div_euclid(1_000) - i64::from(window_secs));
        self.total
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    fn forget(&mut self, up_to: i64) {
        while let Some(first) = self.seconds.front().copied().filter(|first| first.at <= up_to) {
            self.total.calls -= first.counts.calls;
            self.total.failures -= first.counts.failures;
            self.total.slow -= first.counts.slow;
            self.seconds.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_young_enough() {
        let mut window = Window::default();
        window.add(500, 3, true, false);
        window.add(1_000, 3, false, true);
        window.add(2_999, 3, true, true);
        assert_eq!(window.counts(2_999, 3), Counts { calls: 3, failures: 2, slow: 2 });
        assert_eq!(window.counts(3_000, 3), Counts { calls: 2, failures: 1, slow: 2 });
        assert_eq!(window.counts(60_000, 3), Counts::default());
    }

    #[test]
    fn a_clock_that_goes_back_loses_nothing() {
        let mut window = Window::default();
        window.add(10_000, 5, true, false);
        window.add(8_000, 5, true, false);
        assert_eq!(window.counts(10_000, 5).calls, 2);
    }
}
