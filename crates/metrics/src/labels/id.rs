//! The number of a series.
//!
//! Always true here: it is xxh3-64 of the canonical label bytes, so every replica computes the same one. Two different
//! label sets with one id are refused where series are registered ([`crate::head::ResolveError::Collision`]).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number of a series: xxh3-64 of its canonical label bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeriesId(pub u64);

impl SeriesId {
    /// The same 64 bits as a signed number, for databases that have no unsigned ones.
    #[must_use]
    pub const fn to_i64(self) -> i64 {
        self.0.cast_signed()
    }

    /// The inverse of [`SeriesId::to_i64`].
    #[must_use]
    pub const fn from_i64(bits: i64) -> Self {
        Self(bits.cast_unsigned())
    }
}

impl fmt::Display for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SeriesId({self})")
    }
}
