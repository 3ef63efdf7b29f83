//! What can be wrong with an exposition.

use crate::labels::LabelError;

/// Where and what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ParseError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a line, or with what it adds up to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not text at all.
    #[error("the bytes are not valid UTF-8")]
    NotUtf8,
    /// The line cannot be read; says what was expected.
    #[error("{0}")]
    Syntax(&'static str),
    /// What should be a number is none.
    #[error("`{0}` is not a number")]
    Number(String),
    /// What should be a time is none.
    #[error("`{0}` is not a timestamp")]
    Timestamp(String),
    /// No such type.
    #[error("`{0}` is not a metric type")]
    Type(String),
    /// The same label twice.
    #[error(transparent)]
    Labels(#[from] LabelError),
    /// The lines contradict each other or their type.
    #[error("{0}")]
    Family(&'static str),
    /// The name belongs to an earlier family.
    #[error("`{0}` belongs to a metric family that came before: keep the lines of a family together")]
    Clash(String),
    /// OpenMetrics must end with `# EOF`.
    #[error("the exposition ends without `# EOF`, so it may be cut short")]
    NoEof,
    /// A line longer than allowed.
    #[error("the line is longer than {max} bytes")]
    LineTooLong {
        /// The limit.
        max: usize,
    },
    /// More samples than allowed.
    #[error("there are more than {max} samples: raise the target's limit or expose fewer")]
    TooManySamples {
        /// The limit.
        max: usize,
    },
}
