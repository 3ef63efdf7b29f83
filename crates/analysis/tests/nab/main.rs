//! The Numenta Anomaly Benchmark on its own files, where they are present.

mod corpus;
mod reference;
