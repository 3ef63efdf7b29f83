//! A condition on one label.

use regex::{Regex, RegexBuilder};

/// How a [`Matcher`] compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`, against the whole value.
    Regex,
    /// `!~`, against the whole value.
    NotRegex,
}

/// A condition on one label; a label that is absent has the value `""`.
#[derive(Clone, Debug)]
pub struct Matcher {
    name: String,
    op: MatchOp,
    value: String,
    regex: Option<Regex>,
}

/// Why a matcher cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is not a regular expression that can be used: {reason}")]
pub struct MatcherError {
    pattern: String,
    reason: String,
}

/// A compiled expression larger than this is refused, in bytes.
const MAX_REGEX_SIZE: usize = 1 << 20;

impl Matcher {
    /// The condition `name op "value"`.
    ///
    /// # Errors
    /// A regular expression that is malformed or too large.
    pub fn new(name: impl Into<String>, op: MatchOp, value: impl Into<String>) -> Result<Self, MatcherError> {
        let value = value.into();
        let regex = match op {
            MatchOp::Equal | MatchOp::NotEqual => None,
            MatchOp::Regex | MatchOp::NotRegex => {
                let whole = format!("^(?s:{value})$");
                let built = RegexBuilder::new(&whole).size_limit(MAX_REGEX_SIZE).build();
                // The message shows the pattern as we wrapped it; its last line is the reason.
                let reason = |e: &regex::Error| e.to_string().lines().last().unwrap_or_default().to_owned();
                Some(built.map_err(|e| MatcherError { pattern: value.clone(), reason: reason(&e) })?)
            }
        };
        Ok(Self { name: name.into(), op, value, regex })
    }

    /// The condition `name="value"`, which always can be.
    #[must_use]
    pub fn equal(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), op: MatchOp::Equal, value: value.into(), regex: None }
    }

    /// Which label.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it compares.
    #[must_use]
    pub const fn op(&self) -> MatchOp {
        self.op
    }

    /// With what it compares.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether a label with this value meets the condition.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        let regex = || self.regex.as_ref().is_some_and(|r| r.is_match(value));
        match self.op {
            MatchOp::Equal => self.value == value,
            MatchOp::NotEqual => self.value != value,
            MatchOp::Regex => regex(),
            MatchOp::NotRegex => !regex(),
        }
    }
}
