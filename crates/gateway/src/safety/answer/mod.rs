//! Judges answers: does the context support them, and do they claim more than an answer should in fields where errors hurt.
//! Words cannot show that a statement is true; these are risks, and their measured limits are in the model card.

mod claim;
mod ground;
mod stem;

pub(crate) use ground::{FEATURES, Ground, Support};
pub(crate) use stem::{is_stop_word, stem};

use super::lexicon::Lexicon;
use super::reading::Reading;
use super::verdict::{Finding, Kind, Severity, Verdict, excerpt};

/// Sentences of an answer that are judged one by one.
const MOST_SENTENCES: usize = 200;
/// Statements with fewer content words are greetings and connections.
const LEAST_CONTENT: usize = 4;

pub(crate) fn judge(
    text: &str,
    reading: &Reading,
    context: Option<&str>,
    ground: &Ground,
    lexicon: &Lexicon,
    verdict: &mut Verdict,
) {
    let support = context.map(Support::new);
    if let Some(support) = &support {
        let grounded = ground.share(support, &reading.folded.text);
        verdict.groundedness = Some(grounded);
        verdict.raise(Kind::Hallucination, 1.0 - grounded);
    }
    for sentence in 0..reading.words.sentences.len().min(MOST_SENTENCES) {
        let bytes = reading.words.bytes_of(sentence..sentence + 1);
        let folded = reading.folded.text.get(bytes.clone()).unwrap_or_default();
        let span = reading.folded.original(bytes);
        let finding = |rule: &str, score: f32, severity: Severity, reason: String| Finding {
            kind: Kind::Hallucination,
            rule: rule.to_owned(),
            score,
            severity,
            segment: 0,
            excerpt: excerpt(text, &span),
            span: span.clone(),
            reason,
            hidden_as: None,
        };
        let supported = support.as_ref().map(|s| ground.share(s, folded));
        if let Some(claim) = claim::of(reading, sentence, lexicon) {
            let score = claim.score(supported);
            if score >= 0.5 {
                verdict.add(finding(claim.rule(), score, claim.severity(score), claim.reason(supported)));
            }
        }
        let Some(support) = &support else { continue };
        let share = supported.unwrap_or(1.0);
        if share < 0.5 && ground::content_words(folded).count() >= LEAST_CONTENT {
            let severity = Severity::of_score(1.0 - share).min(Severity::High);
            verdict.add(finding(
                "unsupported-statement",
                1.0 - share,
                severity,
                "the context does not support this statement".to_owned(),
            ));
        }
        if let Some(number) = support.foreign_number(folded) {
            verdict.add(finding(
                "number-not-in-context",
                0.7,
                Severity::High,
                format!("the number {number} is not in the context"),
            ));
        }
    }
}
