//! What can be wrong with a query: every error names the fault, where it is if that is known, and how to mend it.

use std::fmt;

/// The kind of fault, for the caller's choice of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not a PromQL query.
    Syntax,
    /// The text is PromQL, but uses something this engine does not do.
    Unsupported,
    /// Start, end and step do not make an evaluation range, or the query cannot be evaluated over a range.
    Range,
    /// A limit was reached; the message names it.
    Limit,
    /// The data do not fit the query, for example many-to-many matching.
    Execution,
}

/// A query that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    pub kind: ErrorKind,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// How to mend it; empty when the message says it all.
    pub hint: String,
    /// Byte offset into the query text, when the fault has a place there.
    pub position: Option<usize>,
}

impl QueryError {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: hint.into(), position: None }
    }

    pub(super) fn syntax(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(ErrorKind::Syntax, message, hint)
    }

    pub(super) fn unsupported(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message, hint)
    }

    pub(super) fn execution(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(ErrorKind::Execution, message, hint)
    }

    pub(super) fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = self.position {
            write!(f, "at position {}: ", position + 1)?;
        }
        f.write_str(&self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

impl std::error::Error for QueryError {}
