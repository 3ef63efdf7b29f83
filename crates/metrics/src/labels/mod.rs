//! The identity of a series: its set of labels, the metric's name among them as `__name__`.
//!
//! Always true here: a [`Labels`] is sorted by name, names no label twice, holds no empty value (an empty value means the
//! label is absent) and is one shared allocation. Equal sets are equal bytes, so [`SeriesId`] needs no coordination.

mod builder;
mod encoding;
mod error;
mod id;
mod name;
mod set;

pub use builder::LabelsBuilder;
pub(crate) use error::shorten;
pub use error::{LabelError, LabelLimits};
pub use id::SeriesId;
pub use name::{NameRules, is_classic_label_name, is_classic_metric_name};
pub use set::{Iter, Labels};

/// The label that holds the metric's name.
pub const METRIC_NAME: &str = "__name__";

#[cfg(test)]
mod tests;
