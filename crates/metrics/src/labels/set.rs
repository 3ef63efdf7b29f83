//! The set itself.

use std::{cmp::Ordering, fmt, sync::Arc};

use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64;

use super::{LabelError, LabelLimits, LabelsBuilder, METRIC_NAME, SeriesId, encoding, is_classic_label_name};

/// A canonical set of labels. Cloning shares the one allocation it is.
///
/// Serialized as a map. Displayed as in PromQL: `up{job="api"}`. Ordered by names, then values.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Labels(Arc<str>);

impl Labels {
    /// The canonical set of `pairs`, in any order; pairs with an empty value are left out.
    ///
    /// # Errors
    /// A name twice, a bad name, or more than [`LabelLimits::default`] allows.
    pub fn from_pairs<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, LabelError> {
        let mut builder = LabelsBuilder::default();
        for (name, value) in pairs {
            builder.push(name.as_ref(), value.as_ref());
        }
        builder.build(&LabelLimits::default())
    }

    /// The set that [`Labels::as_bytes`] gave, read back from where it was stored.
    ///
    /// # Errors
    /// Bytes that are not a canonical set.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, LabelError> {
        let text = std::str::from_utf8(bytes).map_err(|_| LabelError::NotUtf8)?;
        let (mut rest, mut last) = (text, "");
        while !rest.is_empty() {
            let (name, after) = encoding::split(rest).ok_or(LabelError::NotCanonical("a name is cut short"))?;
            let (value, after) = encoding::split(after).ok_or(LabelError::NotCanonical("a value is cut short"))?;
            if name <= last || value.is_empty() {
                return Err(LabelError::NotCanonical("names are out of order or a value is empty"));
            }
            (rest, last) = (after, name);
        }
        let labels = Self(text.into());
        // A length written with needless zero digits would give one set two identities.
        if labels.iter().map(|(n, v)| encoded_len(n) + encoded_len(v)).sum::<usize>() != text.len() {
            return Err(LabelError::NotCanonical("a length has leading zeros"));
        }
        Ok(labels)
    }

    pub(super) fn from_encoded(encoded: &str) -> Self {
        Self(encoded.into())
    }

    /// The set without labels.
    #[must_use]
    pub fn empty() -> Self {
        Self("".into())
    }

    /// The canonical bytes, to store and to compare.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The number of the series with these labels.
    #[must_use]
    pub fn id(&self) -> SeriesId {
        SeriesId(xxh3_64(self.as_bytes()))
    }

    /// Names and values, sorted by name.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { rest: &self.0 }
    }

    /// How many labels there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no label.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of the label `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find_map(|(n, value)| (n == name).then_some(value))
    }

    /// The value of `__name__`.
    #[must_use]
    pub fn metric_name(&self) -> Option<&str> {
        self.get(METRIC_NAME)
    }

    /// The same set with `name` set to `value` (removed when `value` is empty).
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut builder = LabelsBuilder::default();
        for (n, v) in self.iter().filter(|(n, _)| *n != name) {
            builder.push(n, v);
        }
        builder.push(name, value).build_unchecked()
    }

    /// The same set without the labels named.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        self.filter(|name| !names.contains(&name))
    }

    /// Only the labels named.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        self.filter(|name| names.contains(&name))
    }

    /// Only the labels whose name `keep` accepts.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&str) -> bool) -> Self {
        let mut builder = LabelsBuilder::default();
        for (name, value) in self.iter().filter(|(name, _)| keep(name)) {
            builder.push(name, value);
        }
        builder.build_unchecked()
    }
}

const fn encoded_len(text: &str) -> usize {
    let (mut digits, mut rest) = (1, text.len() >> 6);
    while rest > 0 {
        digits += 1;
        rest >>= 6;
    }
    digits + text.len()
}

/// Names and values, sorted by name.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = encoding::split(self.rest)?;
        let (value, rest) = encoding::split(rest)?;
        self.rest = rest;
        Some((name, value))
    }
}

impl<'a> IntoIterator for &'a Labels {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl Serialize for Labels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.metric_name().unwrap_or_default())?;
        let mut others = self.iter().filter(|(name, _)| *name != METRIC_NAME).peekable();
        if others.peek().is_none() && self.metric_name().is_some() {
            return Ok(());
        }
        f.write_str("{")?;
        for (i, (name, value)) in others.enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            if is_classic_label_name(name) {
                write!(f, "{comma}{name}={value:?}")?;
            } else {
                write!(f, "{comma}{name:?}={value:?}")?;
            }
        }
        f.write_str("}")
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
