//! What can be wrong with a write request.

/// Why a write request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteWriteError {
    /// Not what remote-write 1.0 sends.
    #[error("the content type `{0}` is not supported: send remote-write 1.0, `application/x-protobuf`")]
    ContentType(String),
    /// Not compressed, or otherwise.
    #[error("the content encoding `{0}` is not supported: send `snappy`")]
    ContentEncoding(String),
    /// Larger than allowed once decompressed.
    #[error("the request has {got} bytes decompressed, the limit is {max}: lower the sender's `max_samples_per_send`")]
    TooLarge {
        /// Its size.
        got: usize,
        /// The limit.
        max: usize,
    },
    /// More samples than allowed.
    #[error("the request has more than {max} samples: lower the sender's `max_samples_per_send`")]
    TooManySamples {
        /// The limit.
        max: usize,
    },
    /// Not a snappy block.
    #[error("the request is not a snappy block: {0}")]
    Snappy(String),
    /// Not a `WriteRequest`.
    #[error("the request is not a remote-write 1.0 message: {0}")]
    Malformed(&'static str),
}

impl RemoteWriteError {
    /// Whether the request is too large rather than wrong.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::TooManySamples { .. })
    }
}
