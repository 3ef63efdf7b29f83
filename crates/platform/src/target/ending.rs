//! Ends the series of targets that are gone, so that nobody waits for their next sample.
//!
//! Always true: a series that a target still there brings is left alone; a series that goes on in spite of its end shows
//! again with its next sample.

use metrics::{Batch, Head, Labels, Matcher, Sample, SeriesId, sample};

use crate::metric::{SIGNALS, signal_id};

/// Everything that carries the labels of the target gone: what it exported and what its scrapes said of themselves.
pub(super) fn end_target(head: &Head, gone: &Labels, there: &[Labels], at_ms: i64, batch: &mut Batch) {
    if gone.is_empty() {
        return;
    }
    let matchers: Vec<_> = gone.iter().map(|(name, value)| Matcher::equal(name, value)).collect();
    for id in head.select(&matchers) {
        let is_others = head.labels(id).is_some_and(|labels| there.iter().any(|there| carries(&labels, there)));
        if !is_others {
            end(head, id, at_ms, batch);
        }
    }
}

/// The signals of a service that nobody scrapes any more.
pub(super) fn end_signals(head: &Head, service: &str, at_ms: i64, batch: &mut Batch) {
    for id in SIGNALS.iter().filter_map(|signal| signal_id(signal.name, service)).filter(|id| head.contains(*id)) {
        end(head, id, at_ms, batch);
    }
}

fn end(head: &Head, id: SeriesId, at_ms: i64, batch: &mut Batch) {
    let last = head.last(id);
    if last.is_none_or(|last| !last.is_stale()) {
        let after = last.map_or(at_ms, |last| at_ms.max(last.ts + 1));
        batch.push(id, Sample::new(after, sample::STALE_NAN));
    }
}

fn carries(labels: &Labels, target: &Labels) -> bool {
    target.iter().all(|(name, value)| labels.get(name) == Some(value))
}

/// Labels of scrapes that have not ended although no target has them: the process ended between the end of a target and
/// that of its series, or targets were removed while it was down.
pub(super) fn orphans(head: &Head, there: &[Labels]) -> Vec<Labels> {
    let has = |labels: &Labels, metric| head.contains(labels.with("__name__", metric).id());
    let mut found = Vec::new();
    for id in head.select(&[Matcher::equal("__name__", "up")]) {
        let Some(labels) = head.labels(id).map(|labels| labels.without(&["__name__"])) else { continue };
        // Prometheus sends us such series of its own scrapes too, and always one more that we never make.
        let is_ours = has(&labels, "scrape_samples_scraped") && !has(&labels, "scrape_series_added");
        let is_over = head.last(id).is_some_and(|last| last.is_stale());
        if is_ours && !is_over && !there.contains(&labels) {
            found.push(labels);
        }
    }
    found
}
