//! The Numenta Anomaly Benchmark on its own files, where they are present.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod reference;
