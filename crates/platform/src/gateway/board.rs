//! The gateway's traffic by model: rates, percentiles, tokens, cost.
//!
//! Always true: figures are exact over the calls that were looked at, at most [`MOST`] and the newest; when there were more the
//! answer says so, and rates are over the stretch that was looked at.

use std::collections::HashMap;

use domain::Time;
use domain::access::Permission;
use domain::gateway::{CallLatency, ModelTraffic, RequestOutcome, Traffic};
use domain::overview::TimeRange;

use super::store::TimingRow;
use super::{Gateway, store};
use crate::actor::Actor;
use crate::error::Result;

/// Calls that are looked at.
const MOST: u64 = 50_000;

impl Gateway {
    /// Traffic over the range that ends now.
    ///
    /// # Errors
    /// Without the permission to observe, or when the database fails.
    pub async fn model_traffic(&self, actor: &Actor, range: TimeRange) -> Result<Traffic> {
        actor.require(Permission::Observe)?;
        let at = self.context.now();
        let since = at - std::time::Duration::from_secs(range.seconds().unsigned_abs());
        let rows = store::timings(self.context.db.read(), since, MOST).await?;
        let is_cut = rows.len() as u64 == MOST;
        let begin = rows.last().filter(|_| is_cut).map_or(since, |row| row.at);
        Ok(board(rows, at, begin, range, is_cut))
    }
}

/// The calls of one model.
#[derive(Default)]
struct Pile {
    sums: ModelTraffic,
    latencies_us: Vec<i64>,
    first_tokens_us: Vec<i64>,
    succeeded_tokens: i64,
}

fn board(rows: Vec<TimingRow>, at: Time, begin: Time, range: TimeRange, is_cut: bool) -> Traffic {
    let mut total = Pile::default();
    let mut piles: HashMap<(Option<String>, Option<String>), Pile> = HashMap::new();
    for row in rows {
        total.add(&row);
        piles.entry((row.provider.clone(), row.model.clone())).or_default().add(&row);
    }
    let seconds = as_f64((at - begin).num_milliseconds().max(1)) / 1_000.0;
    let mut models: Vec<ModelTraffic> = piles
        .into_iter()
        .map(|((provider, model), pile)| ModelTraffic { provider, model, ..pile.figures(seconds) })
        .collect();
    models.sort_by(|a, b| {
        b.requests.cmp(&a.requests).then_with(|| (&a.provider, &a.model).cmp(&(&b.provider, &b.model)))
    });
    Traffic { at, range, total: total.figures(seconds), models, is_cut }
}

impl Pile {
    fn add(&mut self, row: &TimingRow) {
        let sums = &mut self.sums;
        sums.requests += 1;
        sums.errors += u64::from(matches!(row.outcome, RequestOutcome::Failed | RequestOutcome::Incomplete));
        sums.simulated += u64::from(row.is_simulated);
        sums.input_tokens += row.input_tokens.unsigned_abs();
        sums.output_tokens += row.output_tokens.unsigned_abs();
        if let Some(nano) = row.cost_nano_usd {
            *sums.cost_usd.get_or_insert(0.0) += as_f64(nano) / 1e9;
        }
        if row.outcome == RequestOutcome::Succeeded {
            self.latencies_us.push(row.total_us);
            self.succeeded_tokens += row.output_tokens;
        }
        self.first_tokens_us.extend(row.first_token_us);
    }

    fn figures(mut self, seconds: f64) -> ModelTraffic {
        let took_us: i64 = self.latencies_us.iter().sum();
        let n = as_f64(i64::try_from(self.sums.requests).unwrap_or(i64::MAX));
        let errors = as_f64(i64::try_from(self.sums.errors).unwrap_or(i64::MAX));
        ModelTraffic {
            requests_per_second: n / seconds,
            error_rate: (n > 0.0).then(|| errors / n),
            latency: percentiles(&mut self.latencies_us),
            first_token: percentiles(&mut self.first_tokens_us),
            output_tokens_per_second: (took_us > 0).then(|| as_f64(self.succeeded_tokens) / (as_f64(took_us) / 1e6)),
            ..self.sums
        }
    }
}

/// Nearest ranks, in milliseconds.
fn percentiles(us: &mut [i64]) -> CallLatency {
    us.sort_unstable();
    let at = |percent: usize| {
        let rank = (us.len() * percent).div_ceil(100).saturating_sub(1);
        us.get(rank).map(|us| as_f64(*us) / 1_000.0)
    };
    CallLatency { p50_ms: at(50), p95_ms: at(95), p99_ms: at(99) }
}

#[expect(clippy::cast_precision_loss, reason = "times, tokens and money beyond 2^53 do not occur")]
const fn as_f64(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(model: &str, outcome: RequestOutcome, total_us: i64) -> TimingRow {
        TimingRow {
            at: Time::UNIX_EPOCH,
            provider: Some("p".into()),
            model: Some(model.into()),
            outcome,
            total_us,
            first_token_us: None,
            input_tokens: 3,
            output_tokens: 10,
            cost_nano_usd: (model == "dear").then_some(2_000_000_000),
            is_simulated: false,
        }
    }

    #[test]
    fn calls_are_piled_by_model_and_failures_have_no_latency() {
        let rows = vec![
            call("dear", RequestOutcome::Succeeded, 1_000_000),
            call("cheap", RequestOutcome::Succeeded, 1_000),
            call("cheap", RequestOutcome::Failed, 9_000_000),
        ];
        let end = Time::UNIX_EPOCH + std::time::Duration::from_secs(10);
        let board = board(rows, end, Time::UNIX_EPOCH, TimeRange::Minutes15, false);
        let [cheap, dear] = board.models.as_slice() else { panic!("{:?}", board.models) };
        assert_eq!(
            (cheap.model.as_deref(), cheap.requests, cheap.errors, cheap.error_rate),
            (Some("cheap"), 2, 1, Some(0.5))
        );
        assert_eq!((cheap.latency.p99_ms, cheap.cost_usd), (Some(1.0), None));
        assert_eq!((dear.cost_usd, dear.output_tokens_per_second), (Some(2.0), Some(10.0)));
        assert_eq!((board.total.requests, board.total.requests_per_second), (3, 0.3));
    }

    #[test]
    fn of_nothing_there_are_no_figures() {
        let board = board(Vec::new(), Time::UNIX_EPOCH, Time::UNIX_EPOCH, TimeRange::Hour1, false);
        assert_eq!((board.total.error_rate, board.total.latency), (None, CallLatency::default()));
        assert!(board.models.is_empty());
    }
}
