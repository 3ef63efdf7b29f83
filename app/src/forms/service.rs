//! The forms of a service: its entry in the catalogue, and its objectives.

use domain::catalogue::Comparison;
#[cfg(any(feature = "ssr", test))]
use domain::{
    catalogue::{CreateService, Objective, UpdateService},
    error::ApiError,
};
use serde::{Deserialize, Serialize};

/// A service that has not been heard of yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NewServiceForm {
    pub name: String,
    #[serde(default)]
    pub description: String,
}

/// The entry in the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceForm {
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub team_id: String,
    /// Lines of `name=value`.
    #[serde(default)]
    pub labels: String,
    /// Names, separated by commas.
    #[serde(default)]
    pub dependencies: String,
}

/// One row of the objectives editor; a row without a metric is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveForm {
    #[serde(default)]
    pub metric: String,
    pub comparison: Comparison,
    #[serde(default)]
    pub threshold: String,
    #[serde(default)]
    pub target_percent: String,
}

/// All rows of the objectives editor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectivesForm {
    #[serde(default)]
    pub objectives: Vec<ObjectiveForm>,
}

#[cfg(any(feature = "ssr", test))]
impl NewServiceForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> CreateService {
        CreateService { name: self.name.trim().to_owned(), description: self.description, ..CreateService::default() }
    }
}

#[cfg(any(feature = "ssr", test))]
impl ServiceForm {
    /// The input of the contract; objectives stay.
    pub(crate) fn into_input(self) -> Result<UpdateService, ApiError> {
        use super::text::{labels, names, optional};
        Ok(UpdateService {
            description: Some(self.description),
            team_id: optional("team_id", &self.team_id, "must be one of the teams")?,
            labels: Some(labels("labels", &self.labels)?),
            dependencies: Some(names(&self.dependencies)),
            objectives: None,
        })
    }
}

#[cfg(any(feature = "ssr", test))]
impl ObjectivesForm {
    /// The input of the contract; everything else stays.
    pub(crate) fn into_input(self) -> Result<UpdateService, ApiError> {
        use super::text::required;
        let rows = self.objectives.into_iter().enumerate().filter(|(_, row)| !row.metric.trim().is_empty());
        let objectives = rows.map(|(i, row)| {
            let field = |name: &str| format!("objectives[{i}].{name}");
            Ok::<_, ApiError>(Objective {
                metric: row.metric.trim().to_owned(),
                comparison: row.comparison,
                threshold: required(&field("threshold"), &row.threshold, "must be a number")?,
                target_percent: required(&field("target_percent"), &row.target_percent, "must be a percentage")?,
            })
        });
        Ok(UpdateService { objectives: Some(objectives.collect::<Result<_, ApiError>>()?), ..UpdateService::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Post {
        #[serde(default)]
        input: ObjectivesForm,
    }

    fn posted(body: &str) -> ObjectivesForm {
        serde_qs::Config::new(5, false).deserialize_str::<Post>(body).unwrap().input
    }

    #[test]
    fn rows_without_a_metric_are_dropped() {
        let row = |i: u8, metric: &str| {
            format!(
                "input[objectives][{i}][metric]={metric}&input[objectives][{i}][comparison]=below&input[objectives][{i}][threshold]=500&input[objectives][{i}][target_percent]=99.9"
            )
        };
        let input = posted(&[row(0, "latency_p99"), row(1, "")].join("&")).into_input().unwrap();
        assert_eq!(input.objectives.unwrap().len(), 1);
        assert_eq!(posted("").into_input().unwrap().objectives, Some(vec![]));
    }

    #[test]
    fn a_threshold_in_words_names_its_row() {
        let row = ObjectiveForm {
            metric: "latency_p99".into(),
            comparison: Comparison::Below,
            threshold: "fast".into(),
            target_percent: "99".into(),
        };
        let error = ObjectivesForm { objectives: vec![row] }.into_input().unwrap_err();
        assert_eq!(error.fields[0].field, "objectives[0].threshold");
    }

    #[test]
    fn the_entry_keeps_objectives_and_reads_lists() {
        let form =
            ServiceForm { labels: "env=prod".into(), dependencies: "users, payments".into(), ..ServiceForm::default() };
        let input = form.into_input().unwrap();
        assert_eq!(input.dependencies.unwrap(), ["users", "payments"]);
        assert!(input.objectives.is_none() && input.team_id.is_none());
    }
}
