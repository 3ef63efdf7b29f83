//! The rules as people see them: what each looks for, and what was measured about it.

use super::judge::Judge;
use super::lexicon::{Measures, Rule};
use super::verdict::{Kind, Severity};

/// A rule, or a model, and what was measured about it.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleCard {
    pub name: String,
    pub kind: Kind,
    /// None where it depends on the match.
    pub severity: Option<Severity>,
    pub reason: String,
    /// None where there was nothing to measure it on.
    pub measures: Option<Measures>,
}

/// What is not in the file of rules. Forms of personal data and secrets are not measured: no public set has them labelled.
const CODED: [(&str, Kind, &str); 11] = [
    ("prompt-model", Kind::Injection, "reads like an attempt to turn the model against its instructions"),
    ("data-model", Kind::Injection, "reads like an instruction to the model inside data"),
    ("content-model", Kind::Content, "reads like a harmful request or answer"),
    ("asks-for-what-is-protected", Kind::Injection, "asks for what the system prompt forbids or keeps"),
    ("financial-claim", Kind::Hallucination, "claims something financial without a hedge"),
    ("medical-claim", Kind::Hallucination, "claims something medical without a hedge"),
    ("legal-claim", Kind::Hallucination, "claims something legal without a hedge"),
    ("unsupported-statement", Kind::Hallucination, "the context does not support a statement"),
    ("number-not-in-context", Kind::Hallucination, "gives a number that the context does not have"),
    ("personal-data", Kind::PersonalData, "has the form of personal data; each form is a rule by its own name"),
    ("secret", Kind::Secret, "has the form of a secret; each form is a rule by its own name"),
];

impl Judge {
    /// The rules and models with what was measured about each.
    pub fn rules(&self) -> Vec<RuleCard> {
        let named = |r: &Rule| RuleCard {
            name: r.name.clone(),
            kind: r.kind,
            severity: Some(r.severity),
            reason: r.reason.clone(),
            measures: self.measures.get(&r.name).copied(),
        };
        let coded = CODED.into_iter().map(|(name, kind, reason)| RuleCard {
            name: name.to_owned(),
            kind,
            severity: None,
            reason: reason.to_owned(),
            measures: self.measures.get(name).copied(),
        });
        self.rules.all.iter().map(named).chain(coded).collect()
    }
}
