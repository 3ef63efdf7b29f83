//! What can be wrong with a set of labels.

use super::NameRules;

/// How large a set of labels may be. Lengths are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LabelLimits {
    /// How many labels a series may have, the metric's name included.
    pub max_labels: usize,
    /// How long a name may be.
    pub max_name_len: usize,
    /// How long a value may be.
    pub max_value_len: usize,
    /// Which names are allowed.
    pub names: NameRules,
}

impl Default for LabelLimits {
    fn default() -> Self {
        Self { max_labels: 64, max_name_len: 256, max_value_len: 2048, names: NameRules::Utf8 }
    }
}

/// Why a set of labels was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// A name has no characters.
    #[error("a label has an empty name")]
    EmptyName,
    /// A name breaks the name rules.
    #[error("`{0}` is not a valid name: use letters, digits and underscores, and do not start with a digit")]
    BadName(String),
    /// The same name twice.
    #[error("the label `{0}` is given twice")]
    Duplicate(String),
    /// More labels than allowed.
    #[error("the series has {got} labels, the limit is {max}")]
    TooMany {
        /// How many it has.
        got: usize,
        /// How many it may have.
        max: usize,
    },
    /// A name longer than allowed.
    #[error("the label name `{name}…` is {len} bytes long, the limit is {max}")]
    NameTooLong {
        /// How the name begins.
        name: String,
        /// Its length.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// A value longer than allowed.
    #[error("the value of the label `{name}` is {len} bytes long, the limit is {max}")]
    ValueTooLong {
        /// Whose value.
        name: String,
        /// Its length.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// A NUL character, which databases and terminals make something else of.
    #[error("the label `{0}` has a NUL character")]
    Nul(String),
    /// No `__name__`.
    #[error("the series has no metric name: give it the label `__name__`")]
    NoMetricName,
    /// Not a name and a value.
    #[error("a label is not a name and a value")]
    Malformed,
    /// Not text.
    #[error("a label is not valid UTF-8")]
    NotUtf8,
    /// Stored labels that are not in canonical form.
    #[error("stored labels are damaged: {0}")]
    NotCanonical(&'static str),
}

/// The beginning of a text that may be too long to show.
pub(crate) fn shorten(text: &str) -> String {
    const SHOWN: usize = 64;
    text.chars().take(SHOWN).collect()
}
