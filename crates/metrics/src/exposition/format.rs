//! Which format a target speaks.

/// What to send as `Accept`: OpenMetrics is preferred, because it cannot be cut short unnoticed.
pub const ACCEPT: &str = "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.7,*/*;q=0.1";

/// A format of exposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `text/plain; version=0.0.4`
    PrometheusText,
    /// `application/openmetrics-text; version=1.0.0`
    OpenMetrics,
}

/// A content type that is no exposition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the target answers with `{0}`: expected `text/plain` or `application/openmetrics-text`")]
pub struct UnsupportedFormat(String);

impl Format {
    /// The format a `Content-Type` names; none, or plain text, is taken for the Prometheus text format.
    ///
    /// # Errors
    /// Any other type: a page for people, for example.
    pub fn from_content_type(content_type: Option<&str>) -> Result<Self, UnsupportedFormat> {
        let full = content_type.unwrap_or_default();
        let kind = full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "" | "text/plain" => Ok(Self::PrometheusText),
            "application/openmetrics-text" => Ok(Self::OpenMetrics),
            _ => Err(UnsupportedFormat(full.to_owned())),
        }
    }

    /// What to answer as `Content-Type`.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::PrometheusText => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}
