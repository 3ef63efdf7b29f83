//! From an exposition to a batch, with what the scrape itself says: `up`, its duration and its size.
//!
//! Always true: an exposition is taken whole or not at all; a target over its sample limit is refused whole; a series
//! that was there the last time and is not now gets the staleness marker.

use metrics::exposition::{Options, Strictness};
use metrics::head::{Scrape, ended};
use metrics::{Batch, Head, LabelLimits, Labels, Sample, SeriesId};

use super::fetch::Fetched;

/// What a scrape brought.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) batch: Batch,
    /// Sorted.
    pub(super) series: Vec<SeriesId>,
    pub(super) samples: u64,
    /// Samples refused because of a limit, a label or a time, and the first reason.
    pub(super) refused: u64,
    pub(super) first_refusal: Option<String>,
}

/// Parses and resolves; the error is in words for the target's report.
pub(super) fn take(fetched: &Fetched, head: &Head, scrape: &Scrape<'_>, sample_limit: usize) -> Result<Taken, String> {
    let options = Options { max_samples: sample_limit, strictness: Strictness::Lines, ..Options::new(fetched.format) };
    let mut taken = Taken::default();
    let scraped = head
        .collect_scrape(&fetched.body, &options, scrape, &LabelLimits::default(), &mut taken.batch)
        .map_err(|e| e.to_string())?;
    taken.series = scraped.series;
    taken.samples = scraped.collected.samples;
    taken.refused = scraped.collected.rejected_samples;
    taken.first_refusal = scraped.collected.first_rejection.map(|why| why.to_string());
    Ok(taken)
}

/// Ends series that have vanished and adds what the scrape says of itself.
pub(super) fn finish(
    taken: &mut Taken,
    before: &[SeriesId],
    head: &Head,
    labels: &Labels,
    at_ms: i64,
    own: &[(&str, f64)],
) {
    ended(before, &taken.series, at_ms, &mut taken.batch);
    for (metric, value) in own {
        // Without room for its own series a scrape still is one.
        if let Ok(id) = head.resolve(&labels.with("__name__", metric), &mut taken.batch) {
            taken.batch.push(id, Sample::new(at_ms, *value));
        }
    }
}
