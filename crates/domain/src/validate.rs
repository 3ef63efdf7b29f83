//! Checks of input that both sides share: collected, so that a person mends everything at once.
//!
//! Always true: a check names the field and says what would be right.

use crate::error::{ApiError, FieldError};

/// Collects what is wrong with an input.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// No findings yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a finding unless `is_right`.
    pub fn check(&mut self, is_right: bool, field: &str, message: impl Into<String>) {
        if !is_right {
            self.0.push(FieldError { field: field.to_owned(), message: message.into() });
        }
    }

    /// A required text of at most `max` characters, without control characters.
    pub fn text(&mut self, field: &str, value: &str, max: usize) {
        self.check(!value.trim().is_empty(), field, "must not be empty");
        self.optional_text(field, value, max);
    }

    /// A text that may be empty, of at most `max` characters, without control characters.
    pub fn optional_text(&mut self, field: &str, value: &str, max: usize) {
        self.check(value.chars().count() <= max, field, format!("must have at most {max} characters"));
        self.check(!value.chars().any(char::is_control), field, "must not contain control characters");
    }

    /// A name that stands in addresses and labels: letters, digits, `. _ - : /`.
    pub fn name(&mut self, field: &str, value: &str) {
        let is_name = value.chars().all(|c| c.is_alphanumeric() || "._-:/".contains(c));
        self.check(!value.trim().is_empty(), field, "must not be empty");
        self.check(value.chars().count() <= 128, field, "must have at most 128 characters");
        self.check(is_name, field, "may contain letters, digits and the characters . _ - : /");
    }

    /// An e-mail address: one `@` with something on both sides and no spaces.
    pub fn email(&mut self, field: &str, value: &str) {
        let is_email = value.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@') && !value.chars().any(char::is_whitespace)
        });
        self.check(is_email, field, "must be an e-mail address like name@example.com");
        self.optional_text(field, value, 254);
    }

    /// A password: long enough to resist guessing, short enough to hash (OWASP: at least 12, at most 128).
    pub fn password(&mut self, field: &str, value: &str) {
        let n = value.chars().count();
        self.check((12..=128).contains(&n), field, "must have 12 to 128 characters");
    }

    /// An absolute http or https URL.
    pub fn http_url(&mut self, field: &str, value: &str) {
        let rest = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
        let has_host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']));
        self.check(has_host, field, "must be an absolute URL starting with http:// or https://");
        self.optional_text(field, value, 2048);
    }

    /// All findings, or nothing to mend.
    ///
    /// # Errors
    /// When at least one check failed.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.0.is_empty() { Ok(()) } else { Err(ApiError::invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(run: impl Fn(&mut Checks)) -> Vec<String> {
        let mut checks = Checks::new();
        run(&mut checks);
        checks.finish().err().map(|e| e.fields.into_iter().map(|f| f.field).collect()).unwrap_or_default()
    }

    #[test]
    fn emails() {
        for good in ["a@b", "first.last+tag@example.com"] {
            assert!(fields(|c| c.email("email", good)).is_empty(), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c"] {
            assert_eq!(fields(|c| c.email("email", bad)), ["email"], "{bad}");
        }
    }

    #[test]
    fn all_findings_are_reported_at_once() {
        let found = fields(|c| {
            c.email("email", "nobody");
            c.password("password", "short");
        });
        assert_eq!(found, ["email", "password"]);
    }

    #[test]
    fn urls() {
        assert!(fields(|c| c.http_url("url", "http://127.0.0.1:9100/metrics")).is_empty());
        for bad in ["ftp://x", "http://", "http:///x", "localhost:9100"] {
            assert_eq!(fields(|c| c.http_url("url", bad)), ["url"], "{bad}");
        }
    }
}
