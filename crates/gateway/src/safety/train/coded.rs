//! Measures of what is not in the file of rules: the models, and the rules that are written in code.

use super::Dice;
use super::corpus::{Corpus, Set};
use super::cross::Scores;
use super::phrases::{CLAIMS, spell};
use crate::safety::judge::{Judge, Role, Segment};
use crate::safety::lexicon::Measures;
use crate::safety::model::HeadKind;
use crate::safety::verdict::{Kind, Verdict};

/// Texts that were flagged, and all of them.
#[derive(Clone, Copy, Default)]
struct Share(usize, usize);

impl Share {
    fn of<T>(texts: impl IntoIterator<Item = T>, flagged: impl Fn(T) -> bool) -> Self {
        texts
            .into_iter()
            .fold(Self::default(), |Self(hits, all), text| Self(hits + usize::from(flagged(text)), all + 1))
    }

    /// With half a hit and one text more, as for the rules of the file.
    fn share(self) -> f32 {
        (self.0 as f32 + 0.5) / (self.1 as f32 + 1.0)
    }
}

fn line(name: &str, right: Share, wrong: Share) -> String {
    let Measures { recall, precision, false_positive_rate } = Measures::of(right.share(), wrong.share());
    format!("{name} {recall:.4} {precision:.4} {false_positive_rate:.5}\n")
}

/// The models, by what was flagged of sources they had not seen.
pub(super) fn models(corpus: &Corpus, left_out: &[Scores]) -> String {
    let flagged = |head: HeadKind, attack: bool| {
        let of = |set: &Set| set.head == head && set.attack == attack;
        let scores = left_out.iter().filter(|(number, _)| corpus.sets.get(*number).is_some_and(of));
        Share::of(scores.flat_map(|(_, scores)| scores), |score| *score >= 0.5)
    };
    HeadKind::ALL.iter().map(|head| line(head.name(), flagged(*head, true), flagged(*head, false))).collect()
}

/// The rules in code. Those about support have weights from the same answers; the others have seen none of the texts.
pub(super) fn rules(judge: &Judge, corpus: &Corpus) -> String {
    let has = |verdict: &Verdict, rule: &str| verdict.findings.iter().any(|finding| finding.rule == rule);
    let answers = || corpus.pairs.iter().flat_map(|(_, pairs)| pairs);
    let supported = |wanted: bool| answers().filter(move |pair| pair.supported == wanted);
    let mut out = String::new();
    if answers().next().is_some() {
        for rule in ["unsupported-statement", "number-not-in-context"] {
            let of = |wanted| {
                Share::of(supported(wanted), |pair| has(&judge.judge_answer(&pair.answer, Some(&pair.knowledge)), rule))
            };
            out.push_str(&line(rule, of(false), of(true)));
        }
        let claims = spell(CLAIMS, 12);
        for (field, rule) in [("financial", "financial-claim"), ("medical", "medical-claim"), ("legal", "legal-claim")]
        {
            let risky = claims.iter().filter(|claim| claim.group == field);
            let right = Share::of(risky, |claim| has(&judge.judge_answer(&claim.text, None), rule));
            let wrong = Share::of(supported(true), |pair| has(&judge.judge_answer(&pair.answer, None), rule));
            out.push_str(&line(rule, right, wrong));
        }
    }
    out.push_str(&protected(judge, corpus).unwrap_or_default());
    out
}

/// Attacks against their own system prompts, and harmless prompts against any of these.
fn protected(judge: &Judge, corpus: &Corpus) -> Option<String> {
    const RULE: &str = "asks-for-what-is-protected";
    let attacks: Vec<(&str, &str)> = corpus
        .sets
        .iter()
        .flat_map(|set| &set.cases)
        .filter_map(|case| Some((case.system.as_deref()?, case.text.as_str())))
        .collect();
    let harmless = corpus.sets.iter().find(|set| set.source == "NotInject")?;
    let asks = |system: &str, text: &str| {
        let verdict =
            judge.judge_prompt(&[Segment { role: Role::System, text: system }, Segment { role: Role::User, text }]);
        verdict.findings.iter().any(|finding| finding.kind == Kind::Injection && finding.rule == RULE)
    };
    let mut dice = Dice::new(13);
    let mixed: Vec<(&str, &str)> =
        harmless.cases.iter().filter_map(|case| Some((dice.pick(&attacks)?.0, case.text.as_str()))).collect();
    let of = |pairs: &[(&str, &str)]| Share::of(pairs, |(system, text)| asks(system, text));
    Some(line(RULE, of(&attacks), of(&mixed)))
}
