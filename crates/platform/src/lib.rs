//! What Bellwether does and remembers: one folder a capability, one handle to all of them.
//!
//! Always true: nothing here mentions HTTP statuses or pages; only `store.rs` files name rows; the first line of a
//! method that takes an actor asks it for a permission; work that must not be lost is a row before it is anything else.

pub mod actor;
pub mod anomaly;
pub mod audit;
pub mod auth;
pub mod catalogue;
pub mod clock;
pub mod config;
mod context;
pub mod database;
pub mod demo;
mod entity;
pub mod error;
pub mod gateway;
pub mod key;
pub mod maintenance;
pub mod metric;
pub mod overview;
mod platform;
mod secret;
pub mod stream;
pub mod system;
pub mod target;
pub mod task;
pub mod team;
pub mod user;
pub mod vault;

pub use error::{Error, Result};
pub use platform::Platform;

/// A client for calls to a Bellwether, wherever it is.
///
/// # Errors
/// When the client cannot be built.
pub fn outbound_client() -> Result<reqwest::Client> {
    target::client(target::AddressPolicy { allow_private: true })
}
