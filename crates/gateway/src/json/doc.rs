//! A value inside a document, read piece by piece.

use std::fmt;

use serde_json::value::RawValue;

/// A JSON value as the bytes it stands as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doc<'a>(&'a [u8]);

impl<'a> Doc<'a> {
    /// A document that has been checked to be JSON all the way down.
    pub(crate) fn checked(bytes: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes)?;
        Ok(Self(&bytes[super::trimmed(bytes)]))
    }

    /// A member of an object; nothing when it is missing or null.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        super::find(self.0, key).map(Self)
    }

    /// The elements of an array; nothing of anything else.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        super::elements(self.0).map_while(Result::ok).map(Self)
    }

    pub(crate) fn text(self) -> Option<String> {
        super::text(self.0).map(std::borrow::Cow::into_owned)
    }

    /// Whether it is this text.
    pub(crate) fn is(self, text: &str) -> bool {
        super::text(self.0).is_some_and(|own| own == text)
    }

    pub(crate) fn whole_number(self) -> Option<u64> {
        super::number(self.0)
    }

    pub(crate) fn number(self) -> Option<f64> {
        std::str::from_utf8(self.0).ok()?.parse().ok().filter(|n: &f64| n.is_finite())
    }

    pub(crate) fn truth(self) -> Option<bool> {
        match self.0 {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn is_array(self) -> bool {
        self.0.first() == Some(&b'[')
    }

    /// The text as it stands.
    pub(crate) fn json(self) -> String {
        String::from_utf8_lossy(self.0).into_owned()
    }

    /// The value in its own words and order.
    pub(crate) fn raw(self) -> Option<Box<RawValue>> {
        RawValue::from_string(self.json()).ok()
    }

    /// `get(key).text()`.
    pub(crate) fn text_of(self, key: &str) -> Option<String> {
        self.get(key)?.text()
    }
}

impl fmt::Debug for Doc<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Doc({})", String::from_utf8_lossy(self.0))
    }
}
