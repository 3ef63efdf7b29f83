//! Conditions on labels. A label that a series does not have counts as the empty string; regular expressions match
//! the whole value.

use std::fmt;

use promql_parser::label as parsed;
use regex::Regex;

use crate::labels::Labels;

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchOp {
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// One condition of a selector, for example `job=~"api|web"`. The metric's name is a matcher on `__name__`.
#[derive(Debug, Clone)]
pub struct Matcher {
    name: String,
    op: MatchOp,
    value: String,
    /// Anchored; present exactly for the two regular-expression operators.
    regex: Option<Regex>,
}

impl Matcher {
    pub fn equal(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), op: MatchOp::Equal, value: value.into(), regex: None }
    }

    pub(super) fn from_parsed(matcher: &parsed::Matcher) -> Self {
        let (op, regex) = match &matcher.op {
            parsed::MatchOp::Equal => (MatchOp::Equal, None),
            parsed::MatchOp::NotEqual => (MatchOp::NotEqual, None),
            parsed::MatchOp::Re(regex) => (MatchOp::Regex, Some(regex.clone())),
            parsed::MatchOp::NotRe(regex) => (MatchOp::NotRegex, Some(regex.clone())),
        };
        Self { name: matcher.name.clone(), op, value: matcher.value.clone(), regex }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn op(&self) -> MatchOp {
        self.op
    }

    /// The text on the right: a value, or a regular expression as it was written.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether a label value fulfils the condition; the empty string stands for a missing label.
    pub fn matches(&self, value: &str) -> bool {
        let found = match &self.regex {
            Some(regex) => regex.is_match(value),
            None => self.value == value,
        };
        found == matches!(self.op, MatchOp::Equal | MatchOp::Regex)
    }

    pub fn matches_labels(&self, labels: &Labels) -> bool {
        self.matches(labels.get(&self.name).unwrap_or_default())
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let op = match self.op {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Regex => "=~",
            MatchOp::NotRegex => "!~",
        };
        write!(f, "{}{op}{:?}", self.name, self.value)
    }
}
