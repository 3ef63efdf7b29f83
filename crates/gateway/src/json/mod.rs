//! Looks into JSON without building it: what the data path needs from a body is a few members of it.
//!
//! Always true: nothing is allocated for a document that has no escaped keys, nothing recurses, and every position that is
//! handed out lies inside the bytes it was taken from.

mod doc;
mod scan;

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use doc::Doc;
pub(crate) use scan::{Elements, Malformed, Members};

/// The members of the object that the bytes are.
pub(crate) fn members(bytes: &[u8]) -> Members<'_> {
    Members::new(bytes)
}

/// The elements of the array that the bytes are.
pub(crate) fn elements(bytes: &[u8]) -> Elements<'_> {
    Elements::new(bytes)
}

/// The value of a member of the object that the bytes are; of several with one name the last, as most readers take it.
pub(crate) fn find<'a>(bytes: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let mut found = None;
    for member in members(bytes) {
        let member = member.ok()?;
        if member.key == key {
            found = bytes.get(member.value);
        }
    }
    found.filter(|value| !is_null(value))
}

/// The value at a path of member names.
pub(crate) fn at<'a>(bytes: &'a [u8], path: &[&str]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, key| find(bytes, key))
}

/// The text of a JSON string.
pub(crate) fn text(value: &[u8]) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if memchr::memchr(b'\\', inner).is_none() {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    serde_json::from_slice::<String>(value).ok().map(Cow::Owned)
}

/// A whole number that is not negative.
pub(crate) fn number(value: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(value).ok()?;
    text.parse().ok().or_else(|| {
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0 && *n < 9e15)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie in the range")]
        Some(number as u64)
    })
}

/// Whether the value is `null`.
pub(crate) fn is_null(value: &[u8]) -> bool {
    value == b"null"
}

/// Whether the value says nothing: `null`, `""`, `[]` or `{}`.
pub(crate) fn is_empty(value: &[u8]) -> bool {
    let inner = match value {
        [b'"', inner @ .., b'"'] => return inner.is_empty(),
        [b'[', inner @ .., b']'] | [b'{', inner @ .., b'}'] => inner,
        other => return is_null(other),
    };
    inner.iter().all(u8::is_ascii_whitespace)
}

/// The text as a JSON string, quotes included.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A span without the white space around it.
pub(crate) fn trimmed(bytes: &[u8]) -> Range<usize> {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|b| !b.is_ascii_whitespace()).map_or(start, |last| last + 1);
    start..end
}
