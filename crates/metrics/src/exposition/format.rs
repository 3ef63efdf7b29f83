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

    /// The format to answer in, by what the caller says with `Accept`: OpenMetrics where it is named and text is not
    /// liked better.
    #[must_use]
    pub fn from_accept(accept: Option<&str>) -> Self {
        let (mut openmetrics, mut text) = (0.0_f64, 0.0_f64);
        for range in accept.unwrap_or_default().split(',') {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default();
            let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if kind.eq_ignore_ascii_case("application/openmetrics-text") {
                openmetrics = openmetrics.max(quality);
            } else if kind.eq_ignore_ascii_case("text/plain") {
                text = text.max(quality);
            }
        }
        if openmetrics > 0.0 && openmetrics >= text { Self::OpenMetrics } else { Self::PrometheusText }
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

#[cfg(test)]
mod tests {
    use super::{ACCEPT, Format};

    #[test]
    fn openmetrics_is_for_those_who_name_it() {
        let table = [
            (None, Format::PrometheusText),
            (Some("*/*"), Format::PrometheusText),
            (Some("text/plain"), Format::PrometheusText),
            (Some(ACCEPT), Format::OpenMetrics),
            (Some("Application/OpenMetrics-Text; version=1.0.0"), Format::OpenMetrics),
            (Some("text/plain;q=0.5, application/openmetrics-text;version=1.0.0;q=0.4"), Format::PrometheusText),
            (Some("application/openmetrics-text;q=0"), Format::PrometheusText),
            (Some("application/openmetrics-text;q=much"), Format::PrometheusText),
        ];
        for (accept, format) in table {
            assert_eq!(Format::from_accept(accept), format, "{accept:?}");
        }
    }
}
