//! Streaming detection: one value at a time in, one calibrated verdict out.
//!
//! Always true here: constant memory per series, no look ahead, no clock and no allocation per observation.
//! A score of 1.0 is the alarm threshold everywhere; what lies behind it may change, that meaning may not.

mod baseline;
mod change;
mod episode;
mod explain;
mod feedback;
mod inertia;
mod judge;
mod local;
mod missing;
mod moving;
mod recent;
mod season;
mod series;
mod settings;
mod severity;
mod tail;
mod verdict;

pub use episode::{CloseReason, Transition};
pub use explain::{Explanation, Quantity, explain};
pub use feedback::{Feedback, MAX_THRESHOLD, MIN_THRESHOLD, feedback};
pub use series::SeriesDetector;
pub use settings::{Direction, Settings};
pub use severity::{Severity, severity};
pub use verdict::{DetectorKind, Finding, IgnoredBecause, Shares, State, Trend, Verdict};
