//! Prometheus remote-write 1.0: a snappy block of a `prometheus.WriteRequest`.
//!
//! Always true here: nothing is copied out of the decompressed bytes, memory is bounded by [`Limits`], and bytes that are not
//! a write request give an error. The field numbers are those of the remote-write 1.0 specification.

mod decode;
mod encode;
mod error;
mod series;
mod wire;

pub use decode::{Decoder, Limits, WriteRequest, check_headers};
pub use encode::Encoder;
pub use error::RemoteWriteError;
pub use series::{LabelFields, RawSeries, SampleFields};

#[cfg(test)]
mod tests;
