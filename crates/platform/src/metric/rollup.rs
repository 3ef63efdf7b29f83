//! Older samples, five minutes of them made one.
//!
//! Always true: a raw sample is in exactly one bucket of its series, and leaves in the transaction that stores the bucket;
//! buckets of a series are older than its raw chunks; a rolled-up chunk ends at its newest sample.
//!
//! What a bucket answers with is a sample at its end whose value suits the question: the greatest for
//! `max_over_time`, the least for `min_over_time`, the sum for `sum_over_time`, the mean for `avg_over_time`, the newest
//! for everything else, which keeps counters right.

use std::num::NonZeroU32;

use metrics::chunk::{self, ChunkError};
use metrics::rollup::{self, Bucket, FIVE_MINUTES};
use metrics::{Sample, SeriesId};

use super::store::ChunkRow;

/// The step that older samples are rolled up to.
pub(super) const STEP: NonZeroU32 = FIVE_MINUTES;
/// The same, as the resolution of a chunk.
pub(super) const RESOLUTION_MS: i64 = STEP.get() as i64;
/// Buckets of one chunk: a week.
const MAX_BUCKETS: usize = 2_016;

/// Rolls up raw chunks of one series, which are sorted by time and later than `newest`, its newest rolled-up chunk. Gives the
/// chunks that replace `newest`. A chunk that is damaged is named in the log and left out.
pub(super) fn roll_up(
    series: SeriesId,
    newest: Option<&ChunkRow>,
    raw: &[ChunkRow],
) -> Result<Vec<ChunkRow>, ChunkError> {
    let mut buckets = match newest {
        Some(row) => rollup::decode(&row.payload)?,
        None => Vec::new(),
    };
    let mut end_ms = newest.map_or(i64::MIN, |row| row.end_ms);
    let mut samples = Vec::new();
    for row in raw {
        samples.clear();
        if let Err(error) = chunk::decode(&row.payload, &mut samples) {
            tracing::error!(%error, series = %series, start_ms = row.start_ms, "a chunk is damaged; its samples are lost");
            continue;
        }
        buckets.extend(rollup::downsample(&samples, STEP));
        end_ms = end_ms.max(row.end_ms);
    }
    // Two chunks may share the bucket between them.
    let buckets = rollup::regroup(&buckets, STEP);
    let mut rows = Vec::new();
    for part in buckets.chunks(MAX_BUCKETS) {
        let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
        rows.push(ChunkRow {
            series,
            resolution_ms: RESOLUTION_MS,
            start_ms: first.start,
            end_ms: (last.start + RESOLUTION_MS - 1).min(end_ms),
            n: u32::try_from(part.len()).unwrap_or(u32::MAX),
            payload: rollup::encode(part)?,
        });
    }
    Ok(rows)
}

/// The samples that a rolled-up chunk answers a window function with.
pub(super) fn samples(row: &ChunkRow, function: Option<&str>) -> Result<Vec<Sample>, ChunkError> {
    let value: fn(&Bucket) -> f64 = match function {
        Some("max_over_time") => |bucket| bucket.max,
        Some("min_over_time") => |bucket| bucket.min,
        Some("sum_over_time") => |bucket| bucket.sum,
        Some("avg_over_time") => |bucket| bucket.mean().unwrap_or(bucket.last),
        _ => |bucket| bucket.last,
    };
    let buckets = rollup::decode(&row.payload)?;
    let at = |bucket: &Bucket| (bucket.start + RESOLUTION_MS - 1).min(row.end_ms);
    // Without a single number in it, only the newest value says what was there.
    let of = |bucket: &Bucket| if bucket.count == 0 { bucket.last } else { value(bucket) };
    Ok(buckets.iter().map(|bucket| Sample::new(at(bucket), of(bucket))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIES: SeriesId = SeriesId(7);

    fn raw(samples: &[Sample]) -> ChunkRow {
        let encoded = chunk::encode(samples).unwrap();
        ChunkRow {
            series: SERIES,
            resolution_ms: 0,
            start_ms: encoded.start,
            end_ms: encoded.end,
            n: encoded.n,
            payload: encoded.bytes,
        }
    }

    fn every_minute(from: i64, n: i64) -> Vec<Sample> {
        (from..from + n).map(|minute| Sample::new(minute * 60_000, minute as f64)).collect()
    }

    /// In parts or at once, cut anywhere: the same buckets.
    #[test]
    fn rolling_up_bit_by_bit_comes_to_the_same() {
        let samples = every_minute(0, 60);
        let whole = roll_up(SERIES, None, &[raw(&samples)]).unwrap();
        assert_eq!((whole.len(), whole[0].n, whole[0].end_ms), (1, 12, 59 * 60_000));
        for cut in [1, 3, 5, 23, 59] {
            let (before, after) = samples.split_at(cut);
            let first = roll_up(SERIES, None, &[raw(before)]).unwrap();
            assert_eq!(roll_up(SERIES, first.last(), &[raw(after)]).unwrap(), whole, "{cut}");
        }
    }

    #[test]
    fn a_bucket_answers_what_is_asked() {
        let rows = roll_up(SERIES, None, &[raw(&every_minute(0, 7))]).unwrap();
        let ask = |function| samples(&rows[0], function).unwrap();
        let at = |ms, value| Sample::new(ms, value);
        assert_eq!(ask(None), [at(299_999, 4.0), at(360_000, 6.0)]);
        assert_eq!(ask(Some("rate")), ask(None));
        assert_eq!(ask(Some("max_over_time")), [at(299_999, 4.0), at(360_000, 6.0)]);
        assert_eq!(ask(Some("min_over_time")), [at(299_999, 0.0), at(360_000, 5.0)]);
        assert_eq!(ask(Some("sum_over_time")), [at(299_999, 10.0), at(360_000, 11.0)]);
        assert_eq!(ask(Some("avg_over_time")), [at(299_999, 2.0), at(360_000, 5.5)]);
    }

    #[test]
    fn a_long_series_is_cut_into_chunks_and_a_damaged_one_keeps_nothing_out() {
        let long = every_minute(0, 5 * 2_020);
        let mut damaged = raw(&long[..3_000]);
        damaged.payload[20] ^= 1;
        let rows = roll_up(SERIES, None, &[damaged, raw(&long[3_000..])]).unwrap();
        let sizes: Vec<_> = rows.iter().map(|row| row.n).collect();
        assert_eq!(sizes, [1_420]);
        let rows = roll_up(SERIES, None, &[raw(&long)]).unwrap();
        assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), [2_016, 4]);
        assert_eq!(rows[0].end_ms + 1, rows[1].start_ms);
    }
}
