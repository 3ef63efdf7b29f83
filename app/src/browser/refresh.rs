//! Fetches again after events that matter, and every few seconds while somebody looks.

use std::time::Duration;

use leptos::prelude::*;

use super::page::is_visible;
use crate::live::use_live;

/// Several events in a row are one reason to fetch.
const DEBOUNCE: Duration = Duration::from_millis(250);
/// Figures move without an event.
const PERIOD: Duration = Duration::from_secs(5);

/// Calls `refetch` soon after an event of one of the topics, and periodically while the page is visible.
pub(crate) fn keep_fresh(refetch: impl Fn() + Clone + Send + Sync + 'static, topics: &'static [&'static str]) {
    let latest = use_live().map(|live| live.latest);
    let is_due = StoredValue::new(false);
    let soon = refetch.clone();
    Effect::new(move |_| {
        let is_relevant = latest.is_some_and(|latest| {
            latest.with(|topic| topic.as_ref().is_some_and(|topic| topics.contains(&topic.as_str())))
        });
        if !is_relevant || is_due.get_value() {
            return;
        }
        is_due.set_value(true);
        let refetch = soon.clone();
        set_timeout(
            move || {
                is_due.try_set_value(false);
                refetch();
            },
            DEBOUNCE,
        );
    });
    let period = move || {
        if is_visible() {
            refetch();
        }
    };
    if let Ok(interval) = set_interval_with_handle(period, PERIOD) {
        on_cleanup(move || interval.clear());
    }
}
