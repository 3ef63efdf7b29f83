//! What a judgement says: findings with their place and reason, and one score a kind.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What is wrong, or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Prompt injection or jailbreak.
    Injection,
    /// A harmful request or answer.
    Content,
    /// An answer that claims what it may not know: financial, medical or legal claims, or statements its context does not support.
    Hallucination,
    PersonalData,
    Secret,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Injection, Self::Content, Self::Hallucination, Self::PersonalData, Self::Secret];

    pub fn name(self) -> &'static str {
        match self {
            Self::Injection => "injection",
            Self::Content => "content",
            Self::Hallucination => "hallucination",
            Self::PersonalData => "personal_data",
            Self::Secret => "secret",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Low, Self::Medium, Self::High, Self::Critical].into_iter().find(|s| s.name() == name)
    }

    /// For findings of a model, which know only how sure they are.
    pub(crate) fn of_score(score: f32) -> Self {
        match score {
            s if s >= 0.95 => Self::Critical,
            s if s >= 0.8 => Self::High,
            s if s >= 0.5 => Self::Medium,
            _ => Self::Low,
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Finding {
    pub kind: Kind,
    /// The name of the rule, or `model`.
    pub rule: String,
    /// How sure, 0 to 1; 0.5 is the operating point at which a text is called unsafe.
    pub score: f32,
    pub severity: Severity,
    /// Which segment of the prompt; 0 for an answer.
    pub segment: usize,
    /// Byte range in the segment's text, on character boundaries.
    pub span: Range<usize>,
    /// The matched text, shortened; masked where it is a secret or personal data.
    pub excerpt: String,
    /// Why, in words.
    pub reason: String,
    /// How the matched text was hidden, if it was: "base64", "a shifted alphabet".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_as: Option<Cow<'static, str>>,
}

/// The judgement of a prompt or an answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Verdict {
    /// The strongest first.
    pub findings: Vec<Finding>,
    /// By kind, in the order of `Kind::ALL`, 0 to 1; below 0.5 there may be no finding.
    scores: [f32; 5],
    /// Share of the answer's statements that the context supports, 0 to 1; none without context.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groundedness: Option<f32>,
    /// The text was longer than what is judged: the rest was not looked at.
    pub truncated: bool,
}

impl Verdict {
    /// How sure it is that something of this kind is there, 0 to 1.
    pub fn score_of(&self, kind: Kind) -> f32 {
        self.scores[kind as usize]
    }

    /// The highest score of any kind.
    pub fn score(&self) -> f32 {
        self.scores.iter().copied().fold(0.0, f32::max)
    }

    /// Injection, harmful content or hallucination was found with at least this score. Personal data and secrets are for redaction: who
    /// wants to block for them asks `should_block_for`.
    pub fn should_block(&self, threshold: f32) -> bool {
        self.should_block_for(&[Kind::Injection, Kind::Content, Kind::Hallucination], threshold)
    }

    /// Something of one of these kinds was found with at least this score.
    pub fn should_block_for(&self, kinds: &[Kind], threshold: f32) -> bool {
        kinds.iter().any(|kind| self.score_of(*kind) >= threshold)
    }

    /// The highest severity, if anything was found.
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }

    pub(crate) fn raise(&mut self, kind: Kind, score: f32) {
        let slot = &mut self.scores[kind as usize];
        *slot = slot.max(score.clamp(0.0, 1.0));
    }

    pub(crate) fn add(&mut self, finding: Finding) {
        self.raise(finding.kind, finding.score);
        self.findings.push(finding);
    }

    /// Strongest first, and not more than a person reads.
    pub(crate) fn settle(&mut self) {
        const MOST: usize = 32;
        self.findings.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(b.severity.cmp(&a.severity))
                .then(a.segment.cmp(&b.segment))
                .then(a.span.start.cmp(&b.span.start))
        });
        self.findings.truncate(MOST);
    }
}

/// The text of a span, at most 120 bytes of it.
pub(crate) fn excerpt(text: &str, span: &Range<usize>) -> String {
    const MOST: usize = 120;
    let matched = text.get(span.clone()).unwrap_or_default().trim();
    let end = matched.floor_char_boundary(MOST);
    if end < matched.len() { format!("{}…", matched[..end].trim_end()) } else { matched.to_owned() }
}
