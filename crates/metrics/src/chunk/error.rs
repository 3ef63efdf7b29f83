//! What can be wrong with a chunk.

/// Why samples are not a chunk, or bytes are not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// Nothing to compress.
    #[error("a chunk needs at least one sample")]
    Empty,
    /// More than one chunk may hold.
    #[error("{0} samples are too many for one chunk, the limit is {max}", max = super::MAX_SAMPLES)]
    TooMany(usize),
    /// Times that do not rise.
    #[error("the samples of a chunk must have strictly rising times")]
    Unsorted,
    /// The bytes end too early or say something impossible.
    #[error("the chunk is cut short or damaged in its {0}")]
    Damaged(&'static str),
    /// The bytes are not those that were written.
    #[error("the chunk does not match its checksum")]
    Checksum,
    /// Written by a later program.
    #[error("the chunk has version {0}, this program reads version {version}", version = super::VERSION)]
    Version(u8),
    /// The codec refused.
    #[error("the chunk's numbers cannot be compressed or read: {0}")]
    Codec(String),
}
