//! Time, as the data path asks for it.
//!
//! Always true: nothing in this crate reads the wall clock by itself. Durations are measured with `Instant`.

use std::fmt;

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now, in Unix milliseconds.
    fn now_ms(&self) -> i64;
}
