//! Figures of the history of calls.
//!
//! Always true: they are read from what is stored, so a call is counted at most a second after it ended.

use domain::Time;
use domain::access::Permission;
use domain::gateway::{CallGroup, CallLatency, CallSums};

use super::store::SumsRow;
use super::{Gateway, store};
use crate::actor::Actor;
use crate::error::Result;

const MAX_GROUPS: u64 = 500;

impl Gateway {
    /// Sums of all calls since a time.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn call_sums(&self, actor: &Actor, since: Time) -> Result<CallSums> {
        actor.require(Permission::Observe)?;
        let row = store::sum_requests(self.context.db.read(), since).await?;
        Ok(sums(&row, self.hours_since(since)))
    }

    /// The same by service, provider and model, most calls first.
    ///
    /// # Errors
    /// As above.
    pub async fn call_groups(&self, actor: &Actor, since: Time) -> Result<Vec<CallGroup>> {
        actor.require(Permission::Observe)?;
        let hours = self.hours_since(since);
        let rows = store::sum_requests_by_model(self.context.db.read(), since, MAX_GROUPS).await?;
        let group = |row: store::GroupRow| CallGroup {
            sums: sums(&row.sums, hours),
            service: row.service,
            provider: row.provider,
            model: row.model,
        };
        Ok(rows.into_iter().map(group).collect())
    }

    /// Percentiles of the time that calls took since a time, as far as they succeeded.
    ///
    /// # Errors
    /// As above.
    pub async fn call_latency(&self, actor: &Actor, since: Time) -> Result<CallLatency> {
        actor.require(Permission::Observe)?;
        let db = self.context.db.read();
        let n = store::count_succeeded(db, since).await?;
        let mut found = [None; 3];
        for (found, percent) in found.iter_mut().zip([50, 95, 99]) {
            *found = store::latency_at(db, since, nearest_rank(n, percent)).await?.map(milliseconds);
        }
        let [p50_ms, p95_ms, p99_ms] = found;
        Ok(CallLatency { p50_ms, p95_ms, p99_ms })
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds beyond 2^53 do not occur")]
    fn hours_since(&self, since: Time) -> f64 {
        (self.context.now() - since).num_milliseconds() as f64 / 3_600_000.0
    }
}

/// The nearest rank of a percentile, counted from 0: the smallest that at least so many percent are not above.
fn nearest_rank(n: u64, percent: u64) -> u64 {
    n.saturating_mul(percent).div_ceil(100).saturating_sub(1)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds beyond 2^53 do not occur")]
fn milliseconds(us: i64) -> f64 {
    us as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts and money beyond 2^53 do not occur")]
fn sums(row: &SumsRow, hours: f64) -> CallSums {
    let whole = |n: Option<i64>| n.unwrap_or_default().unsigned_abs();
    let (requests, priced) = (row.requests.unsigned_abs(), row.priced.unsigned_abs());
    let cost_usd = row.cost_nano_usd.unwrap_or_default() as f64 / 1e9;
    let share = |of: f64, n: u64| (n > 0).then(|| of / n as f64);
    CallSums {
        requests,
        errors: whole(row.errors),
        error_rate: share(whole(row.errors) as f64, requests),
        simulated: whole(row.simulated),
        input_tokens: whole(row.input_tokens),
        output_tokens: whole(row.output_tokens),
        cost_usd,
        priced,
        cost_per_request_usd: share(cost_usd, priced),
        cost_per_hour_usd: cost_usd / hours,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest_rank;

    #[test]
    fn a_rank_is_the_nearest() {
        assert_eq!([50, 95, 99].map(|percent| nearest_rank(0, percent)), [0; 3], "of nothing there is none to find");
        assert_eq!([50, 95, 99].map(|percent| nearest_rank(1, percent)), [0; 3]);
        assert_eq!([50, 95, 99].map(|percent| nearest_rank(100, percent)), [49, 94, 98]);
        assert_eq!(nearest_rank(5, 50), 2);
    }
}
