//! The scoring rules of the Numenta Anomaly Benchmark (Lavin & Ahmad 2015, version 1.1), as pure functions.
//!
//! Rows are judged by score against one threshold for a whole corpus. Inside a labelled window only the earliest
//! detection counts, the earlier the better; outside, each detection costs, little just after a window and fully
//! elsewhere. The first 15 % of a series (750 rows at most) are probation and count for nothing.

mod read;
mod score;
mod sweep;

pub use read::{Rows, Unreadable, parse_time_ms};
pub use score::{Profile, probation, scaled_sigmoid};
pub use sweep::{Counts, Outcome, Series, Sweep};
