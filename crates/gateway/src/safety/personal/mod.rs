//! Personal data and secrets: found by their form and their check digits, shown masked, and replaced by their name on request.

mod number;
mod scan;
mod secret;

use std::ops::Range;

use super::verdict::{Finding, Kind, Severity};

/// A piece of personal data or a secret.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    /// What it is, as in `[email address]`.
    name: &'static str,
    kind: Kind,
    severity: Severity,
    /// How sure its form makes: a check digit makes surer than a shape.
    score: f32,
    range: Range<usize>,
}

impl Piece {
    fn personal(name: &'static str, severity: Severity, score: f32, range: Range<usize>) -> Self {
        Self { name, kind: Kind::PersonalData, severity, score, range }
    }

    fn secret(name: &'static str, severity: Severity, score: f32, range: Range<usize>) -> Self {
        Self { name, kind: Kind::Secret, severity, score, range }
    }
}

/// The text with personal data and secrets replaced by what they are, in brackets. What is found is what `Judge` reports.
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for piece in scan::pieces(text) {
        out.push_str(&text[at..piece.range.start]);
        out.push('[');
        out.push_str(piece.name);
        out.push(']');
        at = piece.range.end;
    }
    out.push_str(&text[at..]);
    out
}

pub(super) fn find(text: &str, mut report: impl FnMut(Finding)) {
    for piece in scan::pieces(text) {
        report(Finding {
            kind: piece.kind,
            rule: piece.name.replace(' ', "-"),
            score: piece.score,
            severity: piece.severity,
            segment: 0,
            excerpt: masked(&text[piece.range.clone()]),
            span: piece.range,
            reason: format!(
                "contains {} {}",
                if piece.name.starts_with(['a', 'e', 'i', 'o', 'u', 'I', 'A']) { "an" } else { "a" },
                piece.name
            ),
            hidden_as: None,
        });
    }
}

/// Enough to recognise, too little to use: the first characters and the length.
fn masked(text: &str) -> String {
    let shown: String = text.chars().take((text.chars().count() / 4).min(4)).collect();
    format!("{shown}… ({} characters)", text.chars().count())
}

#[cfg(test)]
mod tests;
