//! Sums of calls by hour and by who called what, so that costs outlive the calls and are quickly added up.
//!
//! Always true: a call is added once, in the transaction that writes it.

mod store;

pub(in crate::gateway) use store::expire;
pub(super) use store::{Sums, UsageKey, add_usage, usage_by, usage_by_hour};
