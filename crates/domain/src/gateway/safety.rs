//! Safety: what was found in prompts and answers, by which rule, and how often that rule is wrong.
//!
//! Always true: a place is a byte range of the text that was judged; secrets and personal data are shown masked; a rate
//! that was never measured is absent.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::validate::Checks;
use crate::words::text_enum;

text_enum! {
    /// What is wrong, or may be.
    SafetyKind {
        /// Prompt injection or jailbreak.
        Injection = "injection",
        /// A harmful request or answer.
        Content = "content",
        /// An answer that claims what it may not know.
        Hallucination = "hallucination",
        /// Personal data.
        PersonalData = "personal_data",
        /// A password, a key, a token.
        Secret = "secret",
    }
}

text_enum! {
    /// How bad it is.
    SafetySeverity {
        Low = "low",
        Medium = "medium",
        High = "high",
        Critical = "critical",
    }
}

text_enum! {
    /// Which half of a call.
    CallPart {
        Prompt = "prompt",
        Answer = "answer",
    }
}

text_enum! {
    /// Who says a text that is to be judged.
    SafetyRole {
        /// A caller.
        User = "user",
        /// A document or the result of a tool, which has no business to instruct.
        Data = "data",
        /// A model.
        Assistant = "assistant",
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SafetyFinding {
    pub part: CallPart,
    pub kind: SafetyKind,
    pub severity: SafetySeverity,
    /// The rule or model that found it.
    pub rule: String,
    /// Why, in words.
    pub reason: String,
    /// How sure, 0 to 1; 0.5 is where a text is called unsafe.
    pub score: f64,
    /// What matched, shortened; masked where it is a secret or personal data.
    pub matched: String,
    /// Which text of the prompt, in the order of the request; 0 in an answer.
    pub segment: u32,
    /// Where in that text the match begins and ends, in bytes.
    pub start: u32,
    pub end: u32,
    /// How it was hidden: base64, a shifted alphabet, …
    pub hidden_as: Option<String>,
    /// Share of harmless texts that this rule flagged when it was measured.
    pub false_positive_rate: Option<f64>,
}

/// A rule and what was measured about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SafetyRule {
    pub name: String,
    pub kind: SafetyKind,
    /// Absent where it depends on the match.
    pub severity: Option<SafetySeverity>,
    /// What it looks for, in words.
    pub reason: String,
    /// Share of the attacks of its kind that it finds.
    pub recall: Option<f64>,
    /// Share of what it flags that is an attack, when attacks and harmless texts are equally frequent.
    pub precision: Option<f64>,
    /// Share of harmless texts that it flags.
    pub false_positive_rate: Option<f64>,
}

/// All rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SafetyRuleList {
    pub items: Vec<SafetyRule>,
}

/// A text to be judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JudgeText {
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200_000, pattern = r"\S"))]
    pub text: String,
    /// Who says it; a caller when absent.
    #[serde(default)]
    pub role: Option<SafetyRole>,
    /// What the operator told the model, for texts of callers.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200_000))]
    pub system: Option<String>,
    /// What an answer should rest on.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200_000))]
    pub context: Option<String>,
}

/// How sure it is that something of a kind is there, 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SafetyScores {
    pub injection: f64,
    pub content: f64,
    pub hallucination: f64,
    pub personal_data: f64,
    pub secret: f64,
}

/// What the judge says of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SafetyVerdict {
    /// The strongest first.
    pub findings: Vec<SafetyFinding>,
    pub scores: SafetyScores,
    /// Whether a route with the mode `block` would refuse it.
    pub is_blocked: bool,
    /// How much of an answer its context supports, 0 to 1.
    pub groundedness: Option<f64>,
}

impl JudgeText {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        const MOST: usize = 200_000;
        let mut checks = Checks::new();
        checks.check(!self.text.trim().is_empty(), "text", "must not be empty");
        let texts = [("text", Some(&self.text)), ("system", self.system.as_ref()), ("context", self.context.as_ref())];
        for (field, text) in texts {
            let length = text.map_or(0, |text| text.chars().count());
            checks.check(length <= MOST, field, "must be at most 200,000 characters");
        }
        let is_answer = self.role == Some(SafetyRole::Assistant);
        checks.check(self.context.is_none() || is_answer, "context", "goes with the role `assistant` only");
        let is_asked = !matches!(self.role, Some(SafetyRole::Assistant | SafetyRole::Data));
        checks.check(self.system.is_none() || is_asked, "system", "goes with the role `user` only");
        checks.finish()
    }
}
