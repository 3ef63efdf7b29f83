//! What calls have cost, added up from the sums of hours.
//!
//! Always true: a report of any time costs as much work as it has hours, however many calls they had; all of a report is of one moment, so its
//! parts agree.

use ::gateway::allowance::Window;
use domain::Time;
use domain::access::Permission;
use domain::gateway::{CostBy, CostFilter, CostGroup, CostHour, CostProjection, CostReport, Spending};
use sea_orm::{DbBackend, IsolationLevel, TransactionTrait as _};

use super::usage::{Sums, usage_by, usage_by_hour};
use super::usd;
use crate::actor::Actor;
use crate::error::{Doing as _, Result};
use crate::gateway::Gateway;
use crate::gateway::view::time;

const HOUR_MS: f64 = 3_600_000.0;
/// So many groups are listed.
const MAX_GROUPS: usize = 500;

impl Gateway {
    /// What calls have cost, by whatever is asked for.
    ///
    /// # Errors
    /// Without the permission to observe, or when the time is not acceptable.
    pub async fn costs(&self, actor: &Actor, filter: CostFilter) -> Result<CostReport> {
        actor.require(Permission::Observe)?;
        let now = self.context.now();
        let (from, to) = filter.range(now)?;
        let from = hour_of(from);
        let by = filter.by.unwrap_or(CostBy::Model);
        // PostgreSQL would let each query see what was committed before it; SQLite does not.
        let is_postgres = self.context.db.backend() == DbBackend::Postgres;
        let isolation = is_postgres.then_some(IsolationLevel::RepeatableRead);
        let moment = self.context.db.read().begin_with_config(isolation, None).await.doing("adding up costs")?;
        let db = &moment;
        let mut groups = usage_by(db, by, from, to).await?;
        groups.sort_by(|a, b| (b.1.cost_nano_usd, b.1.calls, &a.0).cmp(&(a.1.cost_nano_usd, a.1.calls, &b.0)));
        groups.truncate(MAX_GROUPS);
        let hours = usage_by_hour(db, from, to).await?;
        let total = hours.iter().fold(Sums::default(), |total, (_, sums)| total.plus(*sums));
        let day_ago = now - std::time::Duration::from_secs(86_400);
        let month =
            usage_by_hour(db, time(Window::Month.starts(now.timestamp_millis())).min(hour_of(day_ago)), now).await?;
        moment.commit().await.doing("adding up costs")?;
        Ok(CostReport {
            from,
            to,
            by,
            total: spending(total),
            groups: groups.into_iter().map(|(name, sums)| CostGroup { name, spending: spending(sums) }).collect(),
            hours: hours.into_iter().map(|(start, sums)| CostHour { start, spending: spending(sums) }).collect(),
            projection: projection(&month, now),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of calls fit")]
fn spending(sums: Sums) -> Spending {
    let (calls, cost_usd) = (sums.calls.unsigned_abs(), usd(sums.cost_nano_usd));
    Spending {
        calls,
        failed_calls: sums.failed_calls.unsigned_abs(),
        unpriced_calls: sums.unpriced_calls.unsigned_abs(),
        input_tokens: sums.input_tokens.unsigned_abs(),
        output_tokens: sums.output_tokens.unsigned_abs(),
        cost_usd,
        cost_per_call_usd: if calls == 0 { 0.0 } else { cost_usd / calls as f64 },
    }
}

pub(super) fn hour_of(at: Time) -> Time {
    time(Window::Hour.starts(at.timestamp_millis()))
}

/// The pace of the last day, held to the end of this day and of this month.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of a month fit")]
fn projection(hours: &[(Time, Sums)], now: Time) -> CostProjection {
    let now_ms = now.timestamp_millis();
    let since = |start_ms: i64| hours.iter().filter(move |(hour, _)| hour.timestamp_millis() >= start_ms);
    let spent = |start_ms: i64| usd(since(start_ms).map(|(_, sums)| sums.cost_nano_usd).sum());
    let recent_ms = Window::Hour.starts(now_ms) - 23 * 3_600_000;
    let Some((first, _)) = since(recent_ms).next() else { return CostProjection::default() };
    let passed = (now_ms - first.timestamp_millis()) as f64 / HOUR_MS;
    let per_hour_usd = spent(recent_ms) / passed.max(1.0);
    let by_the_end =
        |window: Window| spent(window.starts(now_ms)) + (window.ends(now_ms) - now_ms) as f64 / HOUR_MS * per_hour_usd;
    CostProjection { per_hour_usd, day_usd: by_the_end(Window::Day), month_usd: by_the_end(Window::Month) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn the_pace_of_the_last_day_is_held() {
        let now = at("2026-02-27T12:00:00Z");
        let dollar = Sums { cost_nano_usd: 1_000_000_000, calls: 1, ..Sums::default() };
        let early = (at("2026-02-01T05:00:00Z"), dollar);
        let hours: Vec<_> =
            [early].into_iter().chain((2..12).map(|h| (at(&format!("2026-02-27T{h:02}:00:00Z")), dollar))).collect();
        let projection = projection(&hours, now);
        // Ten dollars in the ten hours since 02:00, and 12 and 36 hours to go.
        assert!((projection.per_hour_usd - 1.0).abs() < 1e-9, "{projection:?}");
        assert!((projection.day_usd - 22.0).abs() < 1e-9, "{projection:?}");
        assert!((projection.month_usd - (11.0 + 36.0)).abs() < 1e-9, "{projection:?}");
        assert_eq!(super::projection(&[], now), CostProjection::default());
    }
}
