//! Cross-validation. Each source is judged by a whole judge, models, thresholds and rule measures alike, that has not seen the source; and
//! once more in five folds, where each text is judged by a judge that has seen the rest of its source.

use std::sync::Arc;

use super::corpus::{Case, Corpus, OWN, Set, Use};
use super::fit::Fitter;
use super::measure::{RuleCounts, area_under_curve, keep, share_at};
use super::report::{Grounded, Report, Row};
use super::{coded, ground, measure};
use crate::safety::answer::Ground;
use crate::safety::judge::{Judge, Role, Segment};
use crate::safety::lexicon::Lexicon;
use crate::safety::model::{Head, HeadKind, Model, ModelError, combine, hash};
use crate::safety::reading::Reading;
use crate::safety::verdict::Kind;

/// The false positive rate at which thresholds are set, by head: an injection blocked wrongly is the top complaint; content needs more room,
/// because its hard negatives are hard on purpose.
const RATES: [(HeadKind, f32); 3] = [(HeadKind::Prompt, 0.01), (HeadKind::Data, 0.02), (HeadKind::Content, 0.03)];
const FOLDS: u64 = 5;

pub(crate) struct Outcome {
    /// Raw scores of harmless texts by heads that have not seen their source.
    harmless: Vec<(HeadKind, &'static str, Vec<f32>)>,
    rows: Vec<Row>,
    /// Measures of the models.
    models: String,
    ground: Vec<Grounded>,
}

pub(crate) fn validate(
    corpus: &Corpus,
    fitter: &Fitter<'_>,
    counts: &RuleCounts,
    lexicon: &Arc<Lexicon>,
) -> Result<Outcome, ModelError> {
    let mut sources: Vec<&'static str> = Vec::new();
    for set in corpus.sets.iter().filter(|s| s.source != OWN) {
        if !sources.contains(&set.source) {
            sources.push(set.source);
        }
    }
    let mut outcome =
        Outcome { harmless: Vec::new(), rows: Vec::new(), models: String::new(), ground: ground::left_out(corpus) };
    let mut heads: Vec<(&'static str, [Head; 3])> = Vec::new();
    for source in &sources {
        let fitted = HeadKind::ALL.map(|kind| fitter.fit(kind, keep(Some(source))));
        for set in corpus.sets.iter().filter(|s| s.source == *source && !s.attack && s.for_use != Use::Train) {
            let head = &fitted[set.head as usize];
            outcome.harmless.push((
                set.head,
                set.source,
                set.cases.iter().map(|c| raw_score(head, set.head, &c.text, lexicon)).collect(),
            ));
        }
        heads.push((source, fitted));
    }
    let whole = ground::fit(corpus, None);
    let mut left_out = Vec::new();
    for (source, mut fitted) in heads {
        for kind in HeadKind::ALL {
            fitted[kind as usize].threshold = outcome.threshold(kind, Some(source));
        }
        let judge = Judge::with(lexicon, Model::new(fitted), &counts.write(Some(source)), whole.clone())?;
        left_out.extend(scored(&judge, corpus, |set| set.source == source));
    }
    let folded = five_folds(corpus, fitter, counts, lexicon, &outcome, &whole)?;
    outcome.models = coded::models(corpus, &left_out);
    outcome.rows = rows(corpus, &left_out, Some(&folded));
    Ok(outcome)
}

/// The number of a set and the scores of its texts.
pub(super) type Scores = (usize, Vec<f32>);

/// The scores of the sets that are wanted.
pub(super) fn scored(judge: &Judge, corpus: &Corpus, wanted: impl Fn(&Set) -> bool) -> Vec<Scores> {
    let tested = corpus.sets.iter().enumerate().filter(|(_, set)| set.for_use != Use::Train && wanted(set));
    tested.map(|(number, set)| (number, set.cases.iter().map(|case| score(judge, set, case)).collect())).collect()
}

/// Own phrases leave out a group of templates at a time; other sets a fifth of their texts.
fn fold_of(set: &Set, case: &Case) -> u64 {
    let key = if set.source == OWN { case.group.as_bytes() } else { case.text.as_bytes() };
    hash(key) % FOLDS
}

fn five_folds(
    corpus: &Corpus,
    fitter: &Fitter<'_>,
    counts: &RuleCounts,
    lexicon: &Arc<Lexicon>,
    outcome: &Outcome,
    ground: &Ground,
) -> Result<Vec<Vec<f32>>, ModelError> {
    let mut scores: Vec<Vec<f32>> = corpus.sets.iter().map(|s| vec![0.0; s.cases.len()]).collect();
    for fold in 0..FOLDS {
        let heads = HeadKind::ALL.map(|kind| {
            let mut head = fitter.fit(kind, |set, case| fold_of(set, case) != fold);
            head.threshold = outcome.threshold(kind, None);
            head
        });
        let judge = Judge::with(lexicon, Model::new(heads), &counts.write(None), ground.clone())?;
        for (set, scores) in corpus.sets.iter().zip(&mut scores).filter(|(s, _)| s.for_use != Use::Train) {
            for (case, value) in set.cases.iter().zip(scores).filter(|(c, _)| fold_of(set, c) == fold) {
                *value = score(&judge, set, case);
            }
        }
    }
    Ok(scores)
}

fn raw_score(head: &Head, kind: HeadKind, text: &str, lexicon: &Lexicon) -> f32 {
    combine(&head.score(&Reading::new(text, lexicon).features, kind.family()))
}

/// The judge's score for what the set is about.
fn score(judge: &Judge, set: &Set, case: &Case) -> f32 {
    let role = if set.head == HeadKind::Data { Role::Data } else { Role::User };
    let system = case.system.iter().map(|text| Segment { role: Role::System, text });
    let segments: Vec<Segment<'_>> = system.chain([Segment { role, text: &case.text }]).collect();
    let kind = if set.head == HeadKind::Content { Kind::Content } else { Kind::Injection };
    judge.judge_prompt(&segments).score_of(kind)
}

pub(super) fn rows(corpus: &Corpus, left_out: &[Scores], folded: Option<&[Vec<f32>]>) -> Vec<Row> {
    const AT: f32 = 0.5;
    let kind = |set: &Set| if set.head == HeadKind::Content { Kind::Content } else { Kind::Injection };
    // Wrong alarms on the other side's texts, for the precision of an attack set against all harmless texts of its head.
    let wrong = |head: HeadKind| {
        let of = left_out.iter().filter(|(n, _)| !corpus.sets[*n].attack && corpus.sets[*n].head == head);
        of.map(|(_, scores)| scores.iter().filter(|s| **s >= AT).count()).sum::<usize>()
    };
    let mut rows = Vec::new();
    for (number, set) in corpus.sets.iter().enumerate().filter(|(_, s)| s.for_use != Use::Train) {
        let out = left_out.iter().find(|(n, _)| *n == number).map(|(_, scores)| scores.as_slice());
        let right = out.map_or(0, |scores| scores.iter().filter(|s| **s >= AT).count());
        let opposite =
            left_out.iter().filter(|(n, _)| corpus.sets[*n].head == set.head && corpus.sets[*n].attack != set.attack);
        let mixed: Vec<(f32, bool)> = out
            .into_iter()
            .flatten()
            .map(|s| (*s, set.attack))
            .chain(opposite.flat_map(|(_, scores)| scores.iter().map(|s| (*s, !set.attack))))
            .collect();
        rows.push(Row {
            set: set.name,
            source: set.source,
            kind: kind(set),
            attack: set.attack,
            texts: set.cases.len(),
            flagged: out.map(|scores| share_at(scores, AT)),
            flagged_surely: out.map(|scores| share_at(scores, 0.8)),
            precision: (set.attack && out.is_some()).then(|| right as f32 / (right + wrong(set.head)).max(1) as f32),
            area: out.map(|_| area_under_curve(&mixed)),
            five_folds: folded.map(|folded| share_at(&folded[number], AT)),
        });
    }
    rows
}

impl Outcome {
    /// The threshold at which harmless texts of the other sources are called attacks at the wanted rate.
    pub(crate) fn threshold(&self, kind: HeadKind, left_out: Option<&str>) -> f32 {
        let rate = RATES.iter().find(|(k, _)| *k == kind).map_or(0.01, |(_, rate)| *rate);
        let sets: Vec<&[f32]> = self
            .harmless
            .iter()
            .filter(|(k, s, _)| *k == kind && Some(*s) != left_out)
            .map(|(_, _, scores)| scores.as_slice())
            .collect();
        measure::threshold_for(&sets, rate).max(if sets.is_empty() { 0.0 } else { f32::MIN })
    }

    pub(super) fn models(&self) -> &str {
        &self.models
    }

    pub(crate) fn report(self) -> Report {
        Report { how: "flagged, source left out", rows: self.rows, groundedness: self.ground }
    }
}
