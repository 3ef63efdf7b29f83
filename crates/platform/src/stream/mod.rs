//! The bus: every event is a row first and is announced after its transaction has committed.
//!
//! The cast: [`Bus`] writes and announces; [`Stream`] hands out subscriptions that first replay what was missed.
//!
//! Always true: a subscriber sees events in the order of their ids, none twice and none left out, or is told that it
//! was too slow; a slow one never holds up the rest.

mod bus;
mod store;
mod subscription;

pub(crate) use bus::{Bus, NewEvent};
pub(crate) use store::expire;
pub use subscription::{Stream, StreamFilter, Subscription, SubscriptionEnd};
