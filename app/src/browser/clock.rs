//! Keeps the server's "now" going with the browser's stopwatch, so that a wrong clock here shows no wrong times.

use std::time::Duration;

use chrono::TimeDelta;
use domain::Time;
use leptos::prelude::*;

/// Relative times need no finer step.
const STEP: Duration = Duration::from_secs(5);

/// Moves `now` on from `start` every few seconds.
pub(crate) fn keep_going(now: RwSignal<Time>, start: Time) {
    let Some(watch) = window().performance() else { return };
    let began = watch.now();
    let tick = move || {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the page was loaded")]
        let passed = (watch.now() - began) as i64;
        now.try_set(start + TimeDelta::milliseconds(passed));
    };
    if let Ok(interval) = set_interval_with_handle(tick, STEP) {
        on_cleanup(move || interval.clear());
    }
}
