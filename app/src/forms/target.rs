//! The form of a scrape target.

#[cfg(any(feature = "ssr", test))]
use domain::{error::ApiError, target::CreateTarget};
use serde::{Deserialize, Serialize};

/// What the form sends; bounds in the contract's own units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TargetForm {
    pub service: String,
    pub url: String,
    #[serde(default)]
    pub interval_ms: String,
    #[serde(default)]
    pub timeout_ms: String,
    #[serde(default)]
    pub sample_limit: String,
    /// Lines of `name=value`.
    #[serde(default)]
    pub labels: String,
    /// The box, when it is ticked.
    #[serde(default)]
    pub is_enabled: bool,
}

#[cfg(any(feature = "ssr", test))]
impl TargetForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<CreateTarget, ApiError> {
        use super::text::{labels, required};
        let number = |field: &str, text: &str| required(field, text, "must be a whole number");
        Ok(CreateTarget {
            service: self.service.trim().to_owned(),
            url: self.url.trim().to_owned(),
            interval_ms: number("interval_ms", &self.interval_ms)?,
            timeout_ms: number("timeout_ms", &self.timeout_ms)?,
            sample_limit: number("sample_limit", &self.sample_limit)?,
            labels: labels("labels", &self.labels)?,
            is_enabled: self.is_enabled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Post {
        input: TargetForm,
    }

    #[test]
    fn an_unticked_box_is_off_and_numbers_are_read() {
        let body = "input[service]=orders&input[url]=http://127.0.0.1:9100/metrics&input[interval_ms]=15000&input[timeout_ms]=10000&input[sample_limit]=50000&input[labels]=env%3Dprod";
        let form = serde_qs::Config::new(5, false).deserialize_str::<Post>(body).unwrap().input;
        let input = form.clone().into_input().unwrap();
        assert!(!input.is_enabled && input.interval_ms == 15_000 && input.validate().is_ok());
        let error = TargetForm { timeout_ms: "1.5".into(), ..form }.into_input().unwrap_err();
        assert_eq!(error.fields[0].field, "timeout_ms");
    }
}
