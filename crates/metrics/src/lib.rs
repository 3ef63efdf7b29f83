#![doc = include_str!("../README.md")]

pub mod batch;
pub mod chunk;
pub mod exposition;
pub mod head;
pub mod labels;
pub mod query;
pub mod remote_write;
pub mod rollup;
pub mod sample;
mod varint;

pub use batch::Batch;
pub use head::{Head, HeadConfig, Matcher};
pub use labels::{LabelError, LabelLimits, Labels, LabelsBuilder, SeriesId};
pub use sample::Sample;
