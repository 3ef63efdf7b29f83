//! The forms of experiments and of questions asked again and again.

use domain::error::ApiError;
use domain::gateway::{ExperimentScope, InjectChaos, StartAutomation};
use serde::{Deserialize, Serialize};

use super::text::{optional, required};

/// What the form of an experiment sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChaosForm {
    /// A provider, a route or a calling service; `*` is everybody.
    pub service: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub intensity: String,
    pub duration: String,
    pub model: String,
    /// Per cent of the calls in its scope.
    pub traffic: String,
    /// Per cent of failed calls at which it ends early.
    pub abort_above: String,
}

/// What the form of a question sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AutomationForm {
    pub service: String,
    pub prompt: String,
    pub interval: String,
    pub count: String,
}

impl ChaosForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<InjectChaos, ApiError> {
        let kind = self.kind.parse().map_err(|e: domain::words::UnknownWord| ApiError::field("type", e.to_string()))?;
        let share = |field: &str, text: &str| -> Result<Option<f64>, ApiError> {
            Ok(optional::<f64>(field, text, "must be per cent, 0 to 100")?.map(|percent| percent / 100.0))
        };
        let word = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(InjectChaos {
            service: word(&self.service),
            kind,
            intensity: optional("intensity", &self.intensity, "must be a number")?,
            duration: required("duration", &self.duration, "must be whole seconds")?,
            scope: ExperimentScope {
                model: word(&self.model),
                traffic: share("scope.traffic", &self.traffic)?,
                ..ExperimentScope::default()
            },
            abort_above: share("abort_above", &self.abort_above)?,
        })
    }
}

impl AutomationForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<StartAutomation, ApiError> {
        Ok(StartAutomation {
            service: self.service.trim().to_owned(),
            prompt: self.prompt,
            model: None,
            interval: required("interval", &self.interval, "must be whole seconds")?,
            count: required("count", &self.count, "must be a whole number")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::gateway::FaultKind;

    use super::*;

    #[test]
    fn per_cent_become_shares_and_what_is_empty_is_not_said() {
        let form = ChaosForm {
            service: " openai ".into(),
            kind: "failure".into(),
            duration: "60".into(),
            traffic: "25".into(),
            ..ChaosForm::default()
        };
        let input = form.clone().into_input().unwrap();
        assert_eq!((input.service.as_deref(), input.kind), (Some("openai"), FaultKind::Failure));
        assert_eq!((input.scope.traffic, input.intensity, input.abort_above), (Some(0.25), None, None));
        let error = ChaosForm { duration: "soon".into(), ..form }.into_input().unwrap_err();
        assert_eq!(error.fields[0].field, "duration");
    }
}
