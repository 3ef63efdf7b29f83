//! Safety on the way of a call: which texts of a request and of an answer are judged, and what was found in them.
//!
//! Always true: texts are read from the bytes that are sent on, never from a copy; what cannot be read is not judged, and
//! the provider refuses it in its own words.

mod said;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

pub(crate) use said::{of_answer, of_request, of_stream};

use crate::safety::{Finding, Judge, Kind, Role, Segment, Verdict};

/// Which half of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What was asked.
    Prompt,
    /// What was answered.
    Answer,
}

/// A finding and where it was.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Found {
    /// In which half of the call.
    pub part: Part,
    #[serde(flatten)]
    pub finding: Finding,
}

/// The score at which a prompt is refused: the operating point of the models and rules.
const BLOCK_PROMPT: f32 = 0.5;
/// The score at which an answer is held back. Higher, because it has been paid for and the rules for answers are coarser.
const BLOCK_ANSWER: f32 = 0.8;

/// A prompt's verdict, and the documents that its answer should rest on.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) verdict: Verdict,
    pub(crate) context: Option<String>,
}

impl Asked {
    pub(crate) fn judge(judge: &Judge, said: &[said::Said<'_>]) -> Self {
        let segments: Vec<Segment<'_>> = said.iter().map(|s| Segment { role: s.role, text: &s.text }).collect();
        let documents: Vec<&str> = said.iter().filter(|s| s.role == Role::Data).map(|s| &*s.text).collect();
        let context = (!documents.is_empty()).then(|| documents.join("\n"));
        Self { verdict: judge.judge_prompt(&segments), context }
    }
}

/// What a call is stopped for, if it is.
pub(crate) fn stopping(part: Part, verdict: &Verdict) -> Option<&Finding> {
    let (kinds, threshold): (&[Kind], f32) = match part {
        Part::Prompt => (&[Kind::Injection, Kind::Content], BLOCK_PROMPT),
        Part::Answer => (&[Kind::Content, Kind::Hallucination], BLOCK_ANSWER),
    };
    let stops = |f: &&Finding| kinds.contains(&f.kind) && f.score >= threshold;
    verdict.findings.iter().filter(stops).max_by(|a, b| order(a, b))
}

/// Whether a route that blocks would not let this through.
#[must_use]
pub fn is_blocked(part: Part, verdict: &Verdict) -> bool {
    stopping(part, verdict).is_some()
}

/// The findings in one line, the strongest of each kind and part: `injection;part=prompt;severity=high;rule=…;score=0.97`.
pub(crate) fn in_one_line(found: &[Found]) -> String {
    let mut strongest: Vec<&Found> = Vec::new();
    for one in found {
        match strongest.iter_mut().find(|s| s.part == one.part && s.finding.kind == one.finding.kind) {
            Some(known) if order(&known.finding, &one.finding) == Ordering::Less => *known = one,
            Some(_) => {}
            None => strongest.push(one),
        }
    }
    let line = |Found { part, finding }: &&Found| {
        let part = if *part == Part::Prompt { "prompt" } else { "answer" };
        let (kind, severity) = (finding.kind.name(), finding.severity.name());
        format!("{kind};part={part};severity={severity};rule={};score={:.2}", finding.rule, finding.score)
    };
    if strongest.is_empty() { "none".to_owned() } else { strongest.iter().map(line).collect::<Vec<_>>().join(", ") }
}

/// A named rule says more than a model does.
fn order(a: &Finding, b: &Finding) -> Ordering {
    let is_named = |f: &Finding| !f.rule.ends_with("-model");
    is_named(a).cmp(&is_named(b)).then(a.severity.cmp(&b.severity)).then(a.score.total_cmp(&b.score))
}
