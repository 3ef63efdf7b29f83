//! Claims in fields where a wrong answer costs money, health or freedom. The risk of a sentence grows with how sure and specific it sounds,
//! and falls when it is hedged or supported by the context. The weights are set by hand.

use crate::safety::lexicon::{Family, Lexicon};
use crate::safety::reading::Reading;
use crate::safety::verdict::Severity;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Financial,
    Medical,
    Legal,
}

#[derive(Debug)]
pub(super) struct Claim {
    field: Field,
    sure: bool,
    advises: bool,
    specific: bool,
    cites: bool,
    hedged: bool,
}

/// The claim of a sentence, if it is about one of the fields.
pub(super) fn of(reading: &Reading, sentence: usize, lexicon: &Lexicon) -> Option<Claim> {
    let words = reading.words.sentences.get(sentence)?;
    let names = lexicon.names(Family::Claim);
    let from = reading.hits.partition_point(|h| h.first < words.start);
    let mut counts = [0_usize; 3];
    let mut claim =
        Claim { field: Field::Financial, sure: false, advises: false, specific: false, cites: false, hedged: false };
    for hit in reading.hits[from..].iter().take_while(|h| h.first < words.end).filter(|h| h.family == Family::Claim) {
        match names.get(usize::from(hit.concept)).map(String::as_str) {
            Some("financial") => counts[0] += 1,
            Some("medical") => counts[1] += 1,
            Some("legal") => counts[2] += 1,
            Some("certainty") => claim.sure = true,
            Some("advice") => claim.advises = true,
            Some("hedge") => claim.hedged = true,
            Some("citation") => claim.cites = true,
            _ => {}
        }
    }
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    claim.field =
        [Field::Financial, Field::Medical, Field::Legal].into_iter().zip(counts).find(|(_, count)| *count == most)?.0;
    let text = reading.folded.text.get(reading.words.bytes_of(sentence..sentence + 1))?;
    if text.ends_with('?') {
        return None;
    }
    claim.specific = text.bytes().any(|b| b.is_ascii_digit());
    Some(claim)
}

impl Claim {
    /// 0.5 is where a person should look at it.
    pub(super) fn score(&self, supported: Option<f32>) -> f32 {
        let mut score = 0.15_f32;
        for (holds, weight) in [
            (self.sure, 0.35),
            (self.specific, 0.2),
            (self.advises, 0.2),
            (self.cites && self.specific, 0.15),
            (self.hedged, -0.35),
        ] {
            score += if holds { weight } else { 0.0 };
        }
        match supported {
            Some(share) if share >= 0.5 => score * 0.3,
            Some(_) => score + 0.2,
            None => score,
        }
        .clamp(0.0, 1.0)
    }

    pub(super) fn rule(&self) -> &'static str {
        match self.field {
            Field::Financial => "financial-claim",
            Field::Medical => "medical-claim",
            Field::Legal => "legal-claim",
        }
    }

    pub(super) fn severity(&self, score: f32) -> Severity {
        match self.field {
            Field::Medical if score >= 0.7 => Severity::High,
            _ if score >= 0.85 => Severity::High,
            _ => Severity::Medium,
        }
    }

    pub(super) fn reason(&self, supported: Option<f32>) -> String {
        let field = match self.field {
            Field::Financial => "financial",
            Field::Medical => "medical",
            Field::Legal => "legal",
        };
        let mut marks = Vec::new();
        for (holds, mark) in [
            (self.sure, "sounds certain"),
            (self.specific, "gives figures"),
            (self.advises, "advises"),
            (self.cites, "cites"),
        ] {
            if holds {
                marks.push(mark);
            }
        }
        let basis = match supported {
            Some(share) if share < 0.5 => "; the context does not support it",
            Some(_) => "; the context has similar words",
            None => "",
        };
        format!(
            "a {field} claim that {}{basis}",
            if marks.is_empty() { "is not hedged".to_owned() } else { marks.join(", ") }
        )
    }
}
