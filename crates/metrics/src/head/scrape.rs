//! From an exposition to a batch.

use super::{Collected, Head, RawKey, Rejection, TimeBounds};
use crate::{
    Batch, LabelLimits, Labels, LabelsBuilder, Sample, SeriesId,
    exposition::{self, Item, MetricType, Options, ParseError},
    sample::STALE_NAN,
};

/// Whom we scraped, and when.
#[derive(Clone, Copy, Debug)]
pub struct Scrape<'a> {
    /// A number no other target has.
    pub source: u64,
    /// Labels every series of the target gets: `job`, `instance` and the like.
    pub target: &'a Labels,
    /// The time of samples that give none, in ms.
    pub ts: i64,
    /// Which times are believable in samples that give one.
    pub bounds: TimeBounds,
}

/// What an exposition held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scraped {
    /// How many samples, and what was refused.
    pub collected: Collected,
    /// The series that gave no time, sorted: those that are missing next time have ended. See [`ended`].
    pub series: Vec<SeriesId>,
    /// Name and type of each family that says one.
    pub types: Vec<(String, MetricType)>,
}

impl Head {
    /// Puts the samples of an exposition into `batch`, resolving their series. Samples whose labels or time are refused do not
    /// keep the others out.
    ///
    /// # Errors
    /// The exposition cannot be read; `batch` holds a part of it then: discard it.
    pub fn collect_scrape(
        &self,
        body: &[u8],
        options: &Options,
        scrape: &Scrape<'_>,
        limits: &LabelLimits,
        batch: &mut Batch,
    ) -> Result<Scraped, ParseError> {
        let (mut scraped, mut builder) = (Scraped::default(), LabelsBuilder::default());
        exposition::parse(body, options, |item| match item {
            Item::Type { family, kind } => scraped.types.push((family.into_owned(), kind)),
            Item::Help { .. } | Item::Unit { .. } => {}
            Item::Sample(row) => {
                scraped.collected.exemplars += u64::from(row.exemplar.is_some());
                let ts = row.ts.unwrap_or(scrape.ts);
                if !scrape.bounds.contains(ts) {
                    let bounds = scrape.bounds;
                    return scraped.collected.reject(1, || Rejection::Time { ts, bounds });
                }
                let key = RawKey::new(scrape.source, row.raw.as_bytes());
                let id = self.resolve_raw(key, batch, || {
                    Ok::<_, Rejection>(row.canonical(scrape.target, &mut builder, limits)?)
                });
                let id = match id {
                    Ok(id) => id,
                    Err(why) => return scraped.collected.reject(1, || why),
                };
                if row.ts.is_none() {
                    scraped.series.push(id);
                }
                batch.push(id, Sample { ts, value: row.value });
                scraped.collected.samples += 1;
            }
        })?;
        scraped.series.sort_unstable();
        scraped.series.dedup();
        Ok(scraped)
    }
}

/// Adds a staleness marker at `ts` for every series of `before` that is not in `now`; both are sorted. A target that does not
/// answer has no series now. Gives the number of markers.
pub fn ended(before: &[SeriesId], now: &[SeriesId], ts: i64, batch: &mut Batch) -> usize {
    let gone = before.iter().filter(|id| now.binary_search(id).is_err());
    gone.map(|id| batch.push(*id, Sample { ts, value: STALE_NAN })).count()
}
