//! Money: what models cost, what may be spent, what was spent.
//!
//! Always true: what is changed is effective for the next call; a budget keeps what it has spent through edits and restarts, to the last
//! batch of calls that was written; who changed what is in the audit trail.

mod budgets;
mod costs;
mod path;
mod prices;
mod rates;
mod spending;
mod store;
mod usage;

pub(super) use path::read_into;
pub(super) use spending::Keeper;
pub(super) use usage::expire;

use ::gateway::price::NanoUsd;

/// Billionths of a dollar as dollars.
fn usd(nano: i64) -> f64 {
    ::gateway::price::usd(nano.unsigned_abs())
}

fn nano(amount: NanoUsd) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
