//! The words of Bellwether, shared by the browser and the server: ids, enums, inputs, views and error codes.
//!
//! Always true here: nothing reads a clock, does I/O or makes an id; every type crosses the wire as JSON
//! with the names of the public contract; database rows are other types and live in `platform`.

pub mod access;
pub mod anomaly;
pub mod audit;
pub mod catalogue;
pub mod demo;
pub mod error;
pub mod event;
pub mod gateway;
pub mod ids;
pub mod key;
pub mod metric;
pub mod object;
pub mod overview;
pub mod page;
#[cfg(feature = "openapi")]
pub mod shape;
pub mod system;
pub mod target;
pub mod user;
pub mod validate;
pub(crate) mod whole;
pub mod words;

pub use chrono::{DateTime, Utc};

/// An instant in UTC; RFC 3339 on the wire.
pub type Time = DateTime<Utc>;
