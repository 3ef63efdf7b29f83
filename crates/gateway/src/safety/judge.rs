//! The judge: one object with lexicon, rules and models, shared by all requests. It holds no state between judgements.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::{self, Ground};
use super::lexicon::{Family, Lexicon, Measures, RULES, Rules};
use super::model::{HeadKind, Model, ModelError, STANDARD, Scored, combine, sigmoid};
use super::reading::Reading;
use super::text::{hidden_texts, quoted};
use super::verdict::{Finding, Kind, Severity, Verdict, excerpt};
use super::{conflict, personal};

/// Bytes of a prompt that are judged, the newest segments first; of a longer segment its beginning and its end.
const MOST_BYTES: usize = 256 * 1024;
const GROUND: &str = include_str!("../../../../config/safety/groundedness.txt");
const MEASURES: &str = include_str!("../../../../config/safety/rule-measures.txt");
/// A hidden instruction is worse than a plain one: nobody hides a question about the weather.
const HIDDEN_DOUBT: f32 = 0.5;

/// Who wrote a segment of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The operator. Trusted: not judged, but what it protects is remembered.
    System,
    User,
    /// Earlier answers: looked at for personal data and secrets only.
    Assistant,
    /// Results of tools, documents, mails: read by the model, and with no business to instruct it.
    Data,
}

/// A message, or a part of one.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    pub role: Role,
    pub text: &'a str,
}

#[derive(Debug)]
pub struct Judge {
    lexicon: Arc<Lexicon>,
    pub(super) rules: Rules,
    pub(super) measures: BTreeMap<String, Measures>,
    model: Model,
    pub(crate) ground: Ground,
}

impl Judge {
    /// The judge that is shipped. Fails only when a file of `config/safety` was changed without training again.
    pub fn standard() -> Result<Self, ModelError> {
        Self::read(STANDARD, MEASURES, GROUND)
    }

    pub(crate) fn read(model: &[u8], measures: &str, ground: &str) -> Result<Self, ModelError> {
        let lexicon = Arc::new(Lexicon::standard()?);
        let model = Model::read(model, lexicon.fingerprint())?;
        Self::with(&lexicon, model, measures, Ground::read(ground)?)
    }

    pub(crate) fn with(
        lexicon: &Arc<Lexicon>,
        model: Model,
        measures: &str,
        ground: Ground,
    ) -> Result<Self, ModelError> {
        let measures = Measures::read(measures);
        let rules = Rules::read(RULES, &measures, lexicon)?;
        Ok(Self { rules, measures, lexicon: Arc::clone(lexicon), model, ground })
    }

    /// Judges what is about to be sent to a model.
    pub fn judge_prompt(&self, segments: &[Segment<'_>]) -> Verdict {
        let mut verdict = Verdict::default();
        let mut left = MOST_BYTES;
        let protected =
            conflict::Protected::new(segments.iter().filter(|s| s.role == Role::System).map(|s| s.text), &self.lexicon);
        for (number, segment) in segments.iter().enumerate().rev() {
            for (offset, text) in ends(segment.text, left, &mut verdict.truncated) {
                left -= text.len();
                let place = Place { segment: number, offset };
                personal::find(text, |finding| verdict.add(place.put(finding)));
                match segment.role {
                    Role::System | Role::Assistant => {}
                    Role::User => self.judge_text(text, place, HeadKind::Prompt, Some(&protected), &mut verdict),
                    Role::Data => self.judge_text(text, place, HeadKind::Data, None, &mut verdict),
                }
            }
        }
        verdict.settle();
        verdict
    }

    /// Judges what a model answered. With a context (documents the answer should rest on) also whether the answer is supported by it.
    pub fn judge_answer(&self, answer: &str, context: Option<&str>) -> Verdict {
        let mut verdict = Verdict::default();
        let place = Place { segment: 0, offset: 0 };
        let text = ends(answer, MOST_BYTES, &mut verdict.truncated).into_iter().next().map_or("", |(_, text)| text);
        personal::find(text, |finding| verdict.add(finding));
        let reading = Reading::new(text, &self.lexicon);
        self.judge_reading(text, &reading, place, HeadKind::Content, None, &mut verdict);
        answer::judge(text, &reading, context, &self.ground, &self.lexicon, &mut verdict);
        verdict.settle();
        verdict
    }

    fn judge_text(
        &self,
        text: &str,
        place: Place,
        kind: HeadKind,
        protected: Option<&conflict::Protected>,
        verdict: &mut Verdict,
    ) {
        let mut reading = Reading::new(text, &self.lexicon);
        if let Some(finding) = protected.and_then(|p| p.asked_for(text, &reading, &self.lexicon)) {
            verdict.add(place.put(finding));
        }
        self.judge_reading(text, &reading, place, kind, None, verdict);
        self.judge_reading(text, &reading, place, HeadKind::Content, None, verdict);
        for hidden in hidden_texts(text, &reading.folded, &reading.words) {
            let glued = !hidden.text.contains(' ') && hidden.text.is_ascii() && hidden.text.len() >= 10;
            let plain = if glued { self.lexicon.unglue(&hidden.text.to_ascii_lowercase()) } else { hidden.text };
            let inner = Reading::new(&plain, &self.lexicon);
            let place = Place { offset: place.offset + hidden.range.start, ..place };
            let disguise = Disguise { how: hidden.how, length: hidden.range.len() };
            for kind in [kind, HeadKind::Content] {
                self.judge_reading(&plain, &inner, place, kind, Some(disguise), verdict);
            }
        }
        // Documents that a caller has put into the prompt are data too.
        for range in if kind == HeadKind::Prompt { quoted(text) } else { Vec::new() } {
            reading.narrow(&range, &self.lexicon);
            self.judge_reading(text, &reading, place, HeadKind::Data, None, verdict);
        }
    }

    fn judge_reading(
        &self,
        text: &str,
        reading: &Reading,
        place: Place,
        head_kind: HeadKind,
        disguise: Option<Disguise>,
        verdict: &mut Verdict,
    ) {
        let family = head_kind.family();
        let kind = if family == Family::Harm { Kind::Content } else { Kind::Injection };
        let head = self.model.head(head_kind);
        let windows = head.score(&reading.features, family);
        let Some(best) = windows.iter().max_by(|a, b| a.score.total_cmp(&b.score)) else { return };
        let mut model = sigmoid(combine(&windows) - head.threshold);
        if disguise.is_some() && model >= 0.5 {
            model = 1.0 - (1.0 - model) * HIDDEN_DOUBT;
        }
        let mut surest = 0.0_f32;
        for hit in self.rules.hits(
            kind,
            reading.hits_in_scope(),
            |word| reading.sentence_of(word),
            head_kind == HeadKind::Data,
        ) {
            let Some(rule) = self.rules.all.get(hit.rule) else { continue };
            surest = surest.max(rule.confidence());
            // A rule that is right too seldom to stand alone still says what the model saw.
            let score = if model >= 0.5 { rule.confidence().max(0.5) } else { rule.confidence() };
            if score >= 0.5 {
                let span = reading.folded.original(hit.bytes);
                let finding = Finding {
                    kind,
                    rule: rule.name.clone(),
                    score,
                    severity: rule.severity,
                    segment: 0,
                    excerpt: excerpt(text, &span),
                    span,
                    reason: rule.reason.clone(),
                    hidden_as: None,
                };
                verdict.add(hide(place.put(finding), place, disguise));
            }
        }
        let both = 1.0 - (1.0 - model) * (1.0 - surest);
        verdict.raise(kind, both);
        if model >= 0.5 {
            verdict.add(self.model_finding(text, reading, place, head_kind, best, model, disguise));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one call site; the arguments are what a finding is made of")]
    fn model_finding(
        &self,
        text: &str,
        reading: &Reading,
        place: Place,
        head_kind: HeadKind,
        best: &Scored,
        score: f32,
        disguise: Option<Disguise>,
    ) -> Finding {
        let family = head_kind.family();
        let evidence = reading.evidence(&best.sentences, self.model.head(head_kind), family, &self.lexicon);
        let names: Vec<String> = evidence
            .concepts
            .iter()
            .filter_map(|c| self.lexicon.names(family).get(usize::from(*c)))
            .map(|name| name.replace('_', " "))
            .collect();
        let looks = match head_kind {
            HeadKind::Prompt => "reads like an attempt to turn the model against its instructions",
            HeadKind::Data => "reads like an instruction to the model inside data",
            HeadKind::Content => "reads like a harmful request",
        };
        let span = reading.folded.original(evidence.bytes);
        let finding = Finding {
            kind: if family == Family::Harm { Kind::Content } else { Kind::Injection },
            rule: head_kind.name().to_owned(),
            score,
            severity: Severity::of_score(score),
            segment: 0,
            excerpt: excerpt(text, &span),
            span,
            reason: if names.is_empty() { looks.to_owned() } else { format!("{looks}: {}", names.join(" → ")) },
            hidden_as: None,
        };
        hide(place.put(finding), place, disguise)
    }
}

/// Whether these are the files that are compiled in.
pub(crate) fn is_shipped(model: &[u8], measures: &str, ground: &str) -> bool {
    model == STANDARD && measures == MEASURES && ground == GROUND
}

/// How a text was hidden, and how many bytes of the outer text it came from.
#[derive(Clone, Copy)]
struct Disguise {
    how: &'static str,
    length: usize,
}

/// The place of a hidden text is where its disguise is.
fn hide(mut finding: Finding, place: Place, disguise: Option<Disguise>) -> Finding {
    if let Some(Disguise { how, length }) = disguise {
        finding.span = place.offset..place.offset + length;
        finding.reason = format!("{} (hidden as {how})", finding.reason);
        finding.hidden_as = Some(how.into());
    }
    finding
}

/// Where a judged text begins.
#[derive(Clone, Copy)]
struct Place {
    segment: usize,
    offset: usize,
}

impl Place {
    fn put(self, mut finding: Finding) -> Finding {
        finding.segment = self.segment;
        finding.span = finding.span.start + self.offset..finding.span.end + self.offset;
        finding
    }
}

/// The whole text, or its beginning and its end if it is longer than what is left of the budget.
fn ends<'a>(text: &'a str, budget: usize, truncated: &mut bool) -> Vec<(usize, &'a str)> {
    if text.len() <= budget {
        return vec![(0, text)];
    }
    *truncated = true;
    let head = text.floor_char_boundary(budget / 2);
    let tail = text.ceil_char_boundary(text.len() - budget / 2);
    vec![(0, &text[..head]), (tail, &text[tail..])]
}
