//! Database rows, one file a table.
//!
//! Always true: only `store.rs` files name what is here; a row is never sent to anybody as it is.

#![expect(unreachable_pub, reason = "the derives of sea-orm write and want public items")]

pub(crate) mod anomaly;
pub(crate) mod api_key;
pub(crate) mod audit;
pub(crate) mod breaker;
pub(crate) mod budget;
pub(crate) mod chunk;
pub(crate) mod detector_state;
pub(crate) mod event;
pub(crate) mod experiment;
pub(crate) mod login_throttle;
pub(crate) mod password_reset;
pub(crate) mod price;
pub(crate) mod provider;
pub(crate) mod rate_limit;
pub(crate) mod request;
pub(crate) mod request_body;
pub(crate) mod route;
pub(crate) mod sample_batch;
pub(crate) mod secret;
pub(crate) mod series;
pub(crate) mod series_threshold;
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod target;
pub(crate) mod team;
pub(crate) mod usage_hour;
pub(crate) mod user;
