//! Reads one line from left to right.
//!
//! Always true here: `rest` is what was not read yet. `strict` is OpenMetrics, where every space counts.

use std::borrow::Cow;

use super::{Options, Reason};
use crate::{
    LabelError,
    labels::{is_classic_label_name, is_classic_metric_name},
    sample::NORMAL_NAN_BITS,
};

/// Labels as they were written.
pub(super) type Pairs<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

#[derive(Clone, Copy, Debug)]
pub(super) struct Scan<'a> {
    pub(super) rest: &'a str,
    strict: bool,
}

impl<'a> Scan<'a> {
    pub(super) const fn new(line: &'a str, strict: bool) -> Self {
        Self { rest: line, strict }
    }

    /// Skips blanks, where they do not count.
    pub(super) fn blanks(&mut self) {
        if !self.strict {
            self.rest = self.rest.trim_start_matches([' ', '\t']);
        }
    }

    pub(super) fn eat(&mut self, byte: char) -> bool {
        match self.rest.strip_prefix(byte) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// What separates two parts: one space, or any blanks where they do not count.
    pub(super) fn gap(&mut self) -> bool {
        if self.strict {
            return self.eat(' ');
        }
        let before = self.rest.len();
        self.blanks();
        self.rest.len() < before
    }

    /// Everything to the next blank.
    pub(super) fn word(&mut self) -> &'a str {
        let bytes = self.rest.as_bytes();
        let end = match self.strict {
            true => memchr::memchr(b' ', bytes),
            false => memchr::memchr2(b' ', b'\t', bytes),
        };
        let (word, rest) = self.rest.split_at(end.unwrap_or(bytes.len()));
        self.rest = rest;
        word
    }

    /// The longest run of characters that can be in a name without quotes; may be empty.
    pub(super) fn bare_name(&mut self) -> &'a str {
        let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b == b':';
        let end = self.rest.bytes().take_while(part).count();
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name
    }

    /// The name of a metric family in a line of metadata.
    pub(super) fn family(&mut self) -> Result<Cow<'a, str>, Reason> {
        if self.rest.starts_with('"') {
            let name = self.quoted()?;
            return if name.is_empty() { Err(Reason::Syntax("the metric name is empty")) } else { Ok(name) };
        }
        let name = self.word();
        if is_classic_metric_name(name) { Ok(Cow::Borrowed(name)) } else { Err(BAD_METRIC_NAME) }
    }

    /// Name and labels of a sample. Without a name in front, one in quotes is the first thing in the braces.
    pub(super) fn series(&mut self, labels: &mut Pairs<'a>, options: &Options) -> Result<Cow<'a, str>, Reason> {
        labels.clear();
        let name = self.bare_name();
        self.blanks_before_brace();
        if name.is_empty() && self.rest.starts_with('{') {
            return self.labels(labels, options.max_labels, true)?.ok_or(BAD_METRIC_NAME);
        }
        if !is_classic_metric_name(name) {
            return Err(BAD_METRIC_NAME);
        }
        if self.rest.starts_with('{') {
            self.labels(labels, options.max_labels, false)?;
        }
        Ok(Cow::Borrowed(name))
    }

    fn blanks_before_brace(&mut self) {
        let mut ahead = *self;
        ahead.blanks();
        if ahead.rest.starts_with('{') {
            *self = ahead;
        }
    }

    /// Labels in braces. Gives the name in quotes among them, which only `named` allows.
    pub(super) fn labels(
        &mut self,
        labels: &mut Pairs<'a>,
        max: usize,
        named: bool,
    ) -> Result<Option<Cow<'a, str>>, Reason> {
        let mut metric = None;
        if !self.eat('{') {
            return Err(Reason::Syntax("expected labels in braces"));
        }
        self.blanks();
        if self.eat('}') {
            return Ok(None);
        }
        loop {
            let quoted = self.rest.starts_with('"');
            let name = if quoted { self.quoted()? } else { Cow::Borrowed(self.bare_name()) };
            self.blanks();
            if quoted && named && metric.is_none() && labels.is_empty() && !self.rest.starts_with('=') {
                metric = Some(name).filter(|name| !name.is_empty());
            } else {
                self.label(name, quoted, labels, max)?;
            }
            self.blanks();
            let comma = self.eat(',');
            self.blanks();
            if self.rest.starts_with('}') && (!comma || !self.strict) {
                self.eat('}');
                return Ok(metric);
            }
            if !comma {
                return Err(Reason::Syntax("expected `,` or `}` after a label"));
            }
        }
    }

    fn label(&mut self, name: Cow<'a, str>, quoted: bool, labels: &mut Pairs<'a>, max: usize) -> Result<(), Reason> {
        if name.is_empty() || (!quoted && !is_classic_label_name(&name)) {
            return Err(Reason::Syntax("expected a label name: letters, digits and underscores, no digit first"));
        }
        if !self.eat('=') {
            return Err(Reason::Syntax("expected `=` after a label name"));
        }
        self.blanks();
        if !self.rest.starts_with('"') {
            return Err(Reason::Syntax("expected a label value in double quotes"));
        }
        let value = self.quoted()?;
        if labels.len() == max {
            return Err(LabelError::TooMany { got: max + 1, max }.into());
        }
        if labels.iter().any(|(other, _)| *other == name) {
            return Err(LabelError::Duplicate(crate::labels::shorten(&name)).into());
        }
        labels.push((name, value));
        Ok(())
    }

    /// Text in double quotes, with `\\`, `\"` and `\n` resolved; any other backslash stands for itself.
    fn quoted(&mut self) -> Result<Cow<'a, str>, Reason> {
        let text = self.rest.strip_prefix('"').unwrap_or(self.rest);
        let (bytes, mut from, mut escaped) = (text.as_bytes(), 0, false);
        loop {
            let found = bytes.get(from..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest));
            let Some(at) = found.map(|at| from + at) else {
                return Err(Reason::Syntax("a text in double quotes does not end"));
            };
            if bytes.get(at) == Some(&b'"') {
                let (text, rest) = text.split_at(at);
                self.rest = rest.get(1..).unwrap_or_default();
                return Ok(if escaped { Cow::Owned(unescape(text, true)) } else { Cow::Borrowed(text) });
            }
            escaped = true;
            // A backslash and what it escapes; that is never a part of a longer character.
            from = at + 2;
        }
    }
}

const BAD_METRIC_NAME: Reason =
    Reason::Syntax("expected a metric name: letters, digits, underscores and colons, no digit first");

/// Resolves `\\`, `\n` and, with `quote`, `\"`; any other backslash stands for itself.
pub(super) fn unescape(text: &str, quote: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('\\') => out.push('\\'),
            Some('"') if quote => out.push('"'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

/// A number as both formats write them.
pub(super) fn number(word: &str) -> Result<f64, Reason> {
    let value: f64 = word.parse().map_err(|_| Reason::Number(crate::labels::shorten(word)))?;
    Ok(if value.is_nan() { f64::from_bits(NORMAL_NAN_BITS) } else { value })
}
