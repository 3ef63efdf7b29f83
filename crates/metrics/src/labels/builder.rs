//! Gathers labels in any order and makes the canonical set of them.

use std::ops::Range;

use super::{
    LabelError, LabelLimits, Labels, METRIC_NAME, NameRules, encoding, is_classic_label_name, is_classic_metric_name,
    shorten,
};

/// Gathers labels in any order. Keep one and reuse it: after [`LabelsBuilder::build`] it is empty and has its memory still.
#[derive(Clone, Debug, Default)]
pub struct LabelsBuilder {
    text: String,
    pairs: Vec<(Range<usize>, Range<usize>)>,
    encoded: String,
}

impl LabelsBuilder {
    /// Forgets what was pushed.
    pub fn clear(&mut self) {
        self.text.clear();
        self.pairs.clear();
    }

    /// Adds a label. One with an empty value will be left out: that is how formats say "absent".
    pub fn push(&mut self, name: &str, value: &str) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        self.text.push_str(value);
        self.pairs.push((start..middle, middle..self.text.len()));
        self
    }

    /// Adds every label of `labels`.
    pub fn extend(&mut self, labels: &Labels) -> &mut Self {
        for (name, value) in labels {
            self.push(name, value);
        }
        self
    }

    /// The value pushed for `name`, if any.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(n, _)| self.slice(n) == name)?;
        Some(self.slice(value))
    }

    /// The canonical set of what was pushed; the builder is empty afterwards.
    ///
    /// # Errors
    /// A name twice (even with an empty value), a bad name, or more than `limits` allows.
    pub fn build(&mut self, limits: &LabelLimits) -> Result<Labels, LabelError> {
        self.sort();
        let checked = self.check(limits);
        let labels = checked.map(|()| self.encode());
        self.clear();
        labels
    }

    /// As [`LabelsBuilder::build`] for labels that come from a set which was checked. The first of equal names stays.
    pub(super) fn build_unchecked(&mut self) -> Labels {
        self.sort();
        let text = &self.text;
        self.pairs.dedup_by(|b, a| text.get(a.0.clone()) == text.get(b.0.clone()));
        let labels = self.encode();
        self.clear();
        labels
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn sort(&mut self) {
        let text = &self.text;
        let name = |pair: &(Range<usize>, Range<usize>)| text.get(pair.0.clone());
        if !self.pairs.is_sorted_by(|a, b| name(a) <= name(b)) {
            self.pairs.sort_by(|a, b| name(a).cmp(&name(b)));
        }
    }

    fn check(&self, limits: &LabelLimits) -> Result<(), LabelError> {
        if self.pairs.len() > limits.max_labels {
            return Err(LabelError::TooMany { got: self.pairs.len(), max: limits.max_labels });
        }
        let max_name_len = limits.max_name_len.min(encoding::MAX_LEN);
        let max_value_len = limits.max_value_len.min(encoding::MAX_LEN);
        let mut last = None;
        for (name, value) in &self.pairs {
            let (name, value) = (self.slice(name), self.slice(value));
            if name.is_empty() {
                return Err(LabelError::EmptyName);
            }
            if last == Some(name) {
                return Err(LabelError::Duplicate(shorten(name)));
            }
            if name.len() > max_name_len {
                return Err(LabelError::NameTooLong { name: shorten(name), len: name.len(), max: max_name_len });
            }
            if value.len() > max_value_len {
                let (name, len) = (shorten(name), value.len());
                return Err(LabelError::ValueTooLong { name, len, max: max_value_len });
            }
            if name.contains('\0') || value.contains('\0') {
                return Err(LabelError::Nul(shorten(name)));
            }
            if limits.names == NameRules::Classic {
                if !is_classic_label_name(name) {
                    return Err(LabelError::BadName(shorten(name)));
                }
                if name == METRIC_NAME && !is_classic_metric_name(value) {
                    return Err(LabelError::BadName(shorten(value)));
                }
            }
            last = Some(name);
        }
        Ok(())
    }

    fn encode(&mut self) -> Labels {
        self.encoded.clear();
        for (name, value) in self.pairs.iter().filter(|(_, value)| !value.is_empty()) {
            encoding::put(&mut self.encoded, self.text.get(name.clone()).unwrap_or_default());
            encoding::put(&mut self.encoded, self.text.get(value.clone()).unwrap_or_default());
        }
        Labels::from_encoded(&self.encoded)
    }
}
