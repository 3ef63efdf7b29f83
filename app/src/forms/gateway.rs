//! The forms of providers and routes.

use domain::error::ApiError;
use domain::gateway::{PutProvider, PutRoute, RouteLimits, RouteTarget};
use serde::{Deserialize, Serialize};

use super::text::required;

/// What the form of a provider sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProviderForm {
    pub name: String,
    pub kind: String,
    #[serde(default)]
    pub base_url: String,
    /// Empty: what is there stays.
    #[serde(default)]
    pub api_key: String,
    /// The box, when it is ticked.
    #[serde(default)]
    pub remove_key: bool,
    #[serde(default)]
    pub enabled: bool,
}

/// What the form of a route sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RouteForm {
    pub name: String,
    /// Lines of `provider/model`, with a weight after a space where there is one.
    #[serde(default)]
    pub targets: String,
    pub safety: String,
    #[serde(default)]
    pub retries: String,
    #[serde(default)]
    pub first_token_ms: String,
    #[serde(default)]
    pub silence_ms: String,
    #[serde(default)]
    pub total_ms: String,
    #[serde(default)]
    pub buffered: bool,
    #[serde(default)]
    pub fallback_to_simulation: bool,
    #[serde(default)]
    pub keep_bodies: bool,
}

impl ProviderForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<PutProvider, ApiError> {
        let kind = self.kind.parse().map_err(|e: domain::words::UnknownWord| ApiError::field("kind", e.to_string()))?;
        let key = self.api_key.trim();
        Ok(PutProvider {
            name: self.name.trim().to_owned(),
            kind,
            base_url: Some(self.base_url.trim().to_owned()).filter(|url| !url.is_empty()),
            api_key: match (self.remove_key, key.is_empty()) {
                (true, _) => Some(String::new()),
                (false, true) => None,
                (false, false) => Some(key.to_owned()),
            },
            enabled: self.enabled,
            keyless: None,
        })
    }
}

impl RouteForm {
    /// The input of the contract. What the form does not show stays as it is in `before`.
    pub(crate) fn into_input(self, before: Option<PutRoute>) -> Result<PutRoute, ApiError> {
        let number = |field: &str, text: &str| required(field, text, "must be a whole number");
        let safety =
            self.safety.parse().map_err(|e: domain::words::UnknownWord| ApiError::field("safety", e.to_string()))?;
        let lines = self.targets.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(PutRoute {
            name: self.name.trim().to_owned(),
            targets: lines.map(|line| target(line, before.as_ref())).collect::<Result<_, _>>()?,
            retries: required("retries", &self.retries, "must be a whole number")?,
            limits: RouteLimits {
                first_token_ms: number("first_token_ms", &self.first_token_ms)?,
                silence_ms: number("silence_ms", &self.silence_ms)?,
                total_ms: number("total_ms", &self.total_ms)?,
            },
            buffered: self.buffered,
            safety,
            fallback_to_simulation: self.fallback_to_simulation,
            cache_secs: before.as_ref().map_or(0, |before| before.cache_secs),
            keep_bodies: self.keep_bodies,
            unknown: before.map(|before| before.unknown).unwrap_or_default(),
        })
    }
}

fn target(line: &str, before: Option<&PutRoute>) -> Result<RouteTarget, ApiError> {
    let (name, weight) = line.split_once(char::is_whitespace).map_or((line, ""), |(name, rest)| (name, rest.trim()));
    let wrong = || ApiError::field("targets", format!("`{line}` is not provider/model or provider/model weight"));
    let (provider, model) = name.split_once('/').ok_or_else(wrong)?;
    let weight = if weight.is_empty() { None } else { Some(weight.parse().map_err(|_| wrong())?) };
    let same = |target: &&RouteTarget| target.provider == provider && target.model == model;
    let known = before.and_then(|before| before.targets.iter().find(same)).cloned();
    Ok(RouteTarget {
        provider: provider.to_owned(),
        model: model.to_owned(),
        weight,
        when: known.as_ref().and_then(|known| known.when.clone()),
        context_tokens: known.and_then(|known| known.context_tokens),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_line_by_line_and_a_wrong_one_is_named() {
        let form = RouteForm {
            name: "chat".into(),
            targets: "openai/gpt-4o-mini 3\n\nollama/library/llama3".into(),
            safety: "monitor".into(),
            retries: "1".into(),
            first_token_ms: "1000".into(),
            silence_ms: "1000".into(),
            total_ms: "1000".into(),
            ..RouteForm::default()
        };
        let input = form.clone().into_input(None).unwrap();
        assert_eq!((input.targets[0].weight, input.targets[1].model.as_str()), (Some(3), "library/llama3"));
        let error = RouteForm { targets: "nothing".into(), ..form.clone() }.into_input(None).unwrap_err();
        assert_eq!(error.fields[0].field, "targets");
        let mut before = PutRoute { cache_secs: 60, ..input };
        before.targets[0].context_tokens = Some(8_000);
        let after = form.into_input(Some(before)).unwrap();
        assert_eq!(
            (after.cache_secs, after.targets[0].context_tokens),
            (60, Some(8_000)),
            "what the form does not show"
        );
    }

    #[test]
    fn an_empty_key_keeps_what_is_there_and_the_box_removes_it() {
        let form = ProviderForm { name: "own".into(), kind: "openai".into(), ..ProviderForm::default() };
        assert_eq!(form.clone().into_input().unwrap().api_key, None);
        let input = ProviderForm { remove_key: true, ..form }.into_input().unwrap();
        assert_eq!(input.api_key.as_deref(), Some(""));
    }
}
