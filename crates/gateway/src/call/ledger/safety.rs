//! What was judged of a call, kept with its record.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::Ledger;
use crate::call::guard::refusal;
use crate::door::Refusal;
use crate::guard::{Asked, Found, Part, in_one_line, of_stream, stopping};
use crate::request::Door;
use crate::safety::Verdict;
use crate::settings::SafetyMode;

/// Of an answer no more is judged.
const MAX_ANSWER: usize = 64 << 10;

/// How the route wants to be kept safe, and what the answer is to be held against.
#[derive(Debug)]
pub(super) struct Safety {
    mode: SafetyMode,
    context: Option<String>,
    is_answer_judged: bool,
}

impl Safety {
    /// Nothing is judged.
    pub(super) const OFF: Self = Self { mode: SafetyMode::Off, context: None, is_answer_judged: false };
}

impl Ledger {
    /// Takes what was found in the prompt.
    pub(in crate::call) fn judged(&mut self, mode: SafetyMode, asked: Asked) {
        self.safety = Safety { mode, context: asked.context, is_answer_judged: false };
        self.found(Part::Prompt, asked.verdict);
    }

    fn found(&mut self, part: Part, verdict: Verdict) {
        let findings = verdict.findings.into_iter().map(|finding| Found { part, finding });
        self.edit(|record| record.safety.extend(findings));
    }

    /// A stream is remembered as it is sent, to be judged when it is over.
    pub(super) fn remember_stream(&mut self) {
        if self.safety.mode != SafetyMode::Off {
            self.sent.get_or_insert_default();
        }
    }

    /// Judges a stream that was held back until it was whole.
    pub(super) fn judge_held<'a>(&mut self, held: impl Iterator<Item = &'a Bytes>) -> Option<Refusal> {
        let frames: Vec<&[u8]> = held.map(AsRef::as_ref).collect();
        self.judge_answer(|door| of_stream(door, &frames.concat()))
    }

    /// Judges what was sent of a stream, if that has not been done.
    pub(super) fn judge_sent(&mut self) {
        if let Some(sent) = self.sent.take() {
            if self.judge_answer(|door| of_stream(door, &sent)).is_some() {
                // It is too late to hold it back, but it is not given again.
                self.keep = None;
            }
            self.sent = Some(sent);
        }
    }

    /// Judges an answer, once; says why it is not to be sent, if the route does not want it sent.
    pub(super) fn judge_answer(&mut self, text: impl FnOnce(Door) -> String) -> Option<Refusal> {
        if self.safety.mode == SafetyMode::Off || std::mem::replace(&mut self.safety.is_answer_judged, true) {
            return None;
        }
        let text = text(self.door);
        let text = &text[..text.floor_char_boundary(MAX_ANSWER)];
        let verdict = self.shared.judge.judge_answer(text, self.safety.context.as_deref());
        let stop = stopping(Part::Answer, &verdict).filter(|_| self.safety.mode == SafetyMode::Block).map(refusal);
        self.found(Part::Answer, verdict);
        stop
    }

    /// What was found, for callers of routes that say it.
    pub(super) fn label_safety(&self, headers: &mut HeaderMap) {
        if matches!(self.safety.mode, SafetyMode::Flag | SafetyMode::Block)
            && let Some(record) = &self.record
            && let Ok(line) = HeaderValue::from_str(&in_one_line(&record.safety))
        {
            headers.insert(HeaderName::from_static("x-bellwether-safety"), line);
        }
    }
}
