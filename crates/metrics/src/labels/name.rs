//! Which names are allowed.

/// Which names a label or metric may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRules {
    /// `[a-zA-Z_][a-zA-Z0-9_]*`, and `:` too in metric names: Prometheus before version 3.
    Classic,
    /// Any UTF-8 that is not empty: Prometheus 3 and OpenTelemetry.
    #[default]
    Utf8,
}

/// Whether `name` is a metric name every Prometheus understands.
#[must_use]
pub fn is_classic_metric_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.first().is_some_and(|b| is_start(*b) || *b == b':') && bytes.iter().all(|b| is_part(*b) || *b == b':')
}

/// Whether `name` is a label name every Prometheus understands.
#[must_use]
pub fn is_classic_label_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.first().is_some_and(|b| is_start(*b)) && bytes.iter().all(|b| is_part(*b))
}

const fn is_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

const fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classic_names() {
        assert!(is_classic_metric_name("job:http_requests:rate5m") && is_classic_metric_name(":a"));
        assert!(is_classic_label_name("_le1"));
        for bad in ["", "0a", "a.b", "a-b", "é", "a b"] {
            assert!(!is_classic_metric_name(bad) && !is_classic_label_name(bad), "{bad}");
        }
        assert!(!is_classic_label_name("a:b"));
    }
}
