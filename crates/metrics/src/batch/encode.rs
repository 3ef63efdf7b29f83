//! Writes a batch.
//!
//! ```text
//! version 1 | new series: n, then length and canonical labels each
//! groups: n, then 8 bytes of id each | 0, or 1 and the samples of each group
//! times: runs of (difference to the time before, how often) | values | xxh3-64 of all before
//! ```

use xxhash_rust::xxh3::xxh3_64;

use super::{Batch, values};
use crate::varint::{put, put_signed};

/// The only version there is.
pub(super) const VERSION: u8 = 1;
/// Every group has one sample: how scrapes and most remote-writes look.
pub(super) const SINGLES: u8 = 0;
/// The number of samples is written for each group.
pub(super) const COUNTED: u8 = 1;

pub(super) fn encode(batch: &Batch, out: &mut Vec<u8>) {
    let start = out.len();
    out.reserve(16 + 8 * batch.groups.len() + 6 * batch.times.len());
    out.push(VERSION);
    put(out, batch.new_series.len() as u64);
    for (_, labels) in &batch.new_series {
        put(out, labels.as_bytes().len() as u64);
        out.extend_from_slice(labels.as_bytes());
    }
    put(out, batch.groups.len() as u64);
    for (id, _) in &batch.groups {
        out.extend_from_slice(&id.0.to_le_bytes());
    }
    if batch.groups.len() == batch.times.len() {
        out.push(SINGLES);
    } else {
        out.push(COUNTED);
        for (_, n) in &batch.groups {
            put(out, u64::from(*n));
        }
    }
    put_times(&batch.times, out);
    for value in &batch.values {
        values::put(out, *value);
    }
    let sum = xxh3_64(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&sum.to_le_bytes());
}

/// Scrapes share their time and pushes step evenly, so runs of equal differences are long.
fn put_times(times: &[i64], out: &mut Vec<u8>) {
    let (mut last, mut run) = (0_i64, None::<(i64, u64)>);
    let flush = |run: (i64, u64), out: &mut Vec<u8>| {
        put_signed(out, run.0);
        put(out, run.1);
    };
    for &time in times {
        // Wrapping, so that the extremes of i64 come back too.
        let step = time.wrapping_sub(last);
        last = time;
        run = match run {
            Some((same, n)) if same == step => Some((same, n + 1)),
            before => {
                if let Some(before) = before {
                    flush(before, out);
                }
                Some((step, 1))
            }
        };
    }
    if let Some(run) = run {
        flush(run, out);
    }
}
