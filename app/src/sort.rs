//! Sorting a table by what its address says: `?sort=name` or `?sort=-name` for the other way.
//!
//! Always true: works without WASM, because a header is a link; what has no value comes last both ways.

use std::cmp::Ordering;

/// A column and a direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) column: String,
    pub(crate) is_descending: bool,
}

impl Sort {
    /// Reads the parameter; `default` stands when there is none.
    pub(crate) fn read(parameter: Option<&str>, default: &str) -> Self {
        let text = parameter.filter(|text| !text.is_empty()).unwrap_or(default);
        match text.strip_prefix('-') {
            Some(column) => Self { column: column.to_owned(), is_descending: true },
            None => Self { column: text.to_owned(), is_descending: false },
        }
    }

    /// What `aria-sort` says of a column.
    pub(crate) fn aria(&self, column: &str) -> &'static str {
        match (self.column == column, self.is_descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    /// The parameter that a click on the header of `column` leads to.
    pub(crate) fn next(&self, column: &str) -> String {
        if self.column == column && !self.is_descending { format!("-{column}") } else { column.to_owned() }
    }

    /// Applies the direction.
    pub(crate) fn turn(&self, ordering: Ordering) -> Ordering {
        if self.is_descending { ordering.reverse() } else { ordering }
    }

    /// Orders two optional values in this direction.
    pub(crate) fn values(&self, a: Option<f64>, b: Option<f64>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.turn(a.total_cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_click_turns_the_order() {
        let sort = Sort::read(Some("name"), "-status");
        assert_eq!((sort.next("name").as_str(), sort.next("cpu").as_str()), ("-name", "cpu"));
        assert_eq!(Sort::read(None, "-status").aria("status"), "descending");
        assert_eq!(sort.aria("cpu"), "none");
    }

    #[test]
    fn what_has_no_value_comes_last_both_ways() {
        for parameter in ["cpu", "-cpu"] {
            let sort = Sort::read(Some(parameter), "name");
            let mut values = [None, Some(1.0), Some(2.0)];
            values.sort_by(|a, b| sort.values(*a, *b));
            assert_eq!(values[2], None, "{parameter}");
        }
    }
}
