//! Texts to values and back.

use std::collections::BTreeMap;
use std::str::FromStr;

use domain::error::{ApiError, ErrorCode};

/// An id out of an address. One that does not parse names nothing, so it is not found.
pub(crate) fn id<T: FromStr>(text: &str, what: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| ApiError::new(ErrorCode::NotFound, format!("{what} not found")))
}

/// A value, or nothing for an empty text.
pub(super) fn optional<T: FromStr>(field: &str, text: &str, hint: &str) -> Result<Option<T>, ApiError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| ApiError::field(field, hint))
}

/// A value that must be there.
pub(super) fn required<T: FromStr>(field: &str, text: &str, hint: &str) -> Result<T, ApiError> {
    optional(field, text, hint)?.ok_or_else(|| ApiError::field(field, hint))
}

/// Lines of `name=value`.
pub(super) fn labels(field: &str, text: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) =
                line.split_once('=').ok_or_else(|| ApiError::field(field, "each line must be name=value"))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// Labels as the lines that [`labels`] reads.
pub(crate) fn labels_text(labels: &BTreeMap<String, String>) -> String {
    labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
}

/// Names separated by commas, spaces or line ends.
pub(super) fn names(text: &str) -> Vec<String> {
    text.split([',', ' ', '\n', '\r', '\t']).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_lines_and_back() {
        let read = labels("labels", "env=prod\r\n\r\n zone = eu=1 ").unwrap();
        assert_eq!(labels_text(&read), "env=prod\nzone=eu=1");
        assert_eq!(labels("labels", "env").unwrap_err().fields[0].field, "labels");
    }

    #[test]
    fn an_empty_text_is_no_value_and_a_wrong_one_names_its_field() {
        assert_eq!(optional::<u32>("n", "  ", "a number"), Ok(None));
        assert_eq!(optional::<u32>("n", " 7 ", "a number"), Ok(Some(7)));
        assert_eq!(optional::<u32>("n", "7s", "a number").unwrap_err().message, "n: a number");
        assert!(required::<u32>("n", "", "a number").is_err());
    }

    #[test]
    fn names_are_separated_by_anything_sensible() {
        assert_eq!(names("a, b\nc  d,"), ["a", "b", "c", "d"]);
    }
}
