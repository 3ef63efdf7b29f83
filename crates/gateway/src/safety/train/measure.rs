//! Counting: how often rules are right and wrong, and how well scores order texts.

use std::collections::BTreeMap;

use super::corpus::{Corpus, Use};
use super::fit::is_kept;
use crate::safety::lexicon::{Lexicon, LexiconError, Measures, RULES, Rules};
use crate::safety::model::HeadKind;
use crate::safety::reading::Reading;
use crate::safety::verdict::Kind;

/// Hits of each rule in each set.
pub(crate) struct RuleCounts {
    rules: Rules,
    sets: Vec<SetCount>,
}

struct SetCount {
    source: &'static str,
    kind: Kind,
    attack: bool,
    texts: usize,
    hits: Vec<usize>,
}

pub(crate) fn rule_counts(corpus: &Corpus, lexicon: &Lexicon) -> Result<RuleCounts, LexiconError> {
    let rules = Rules::read(RULES, &BTreeMap::new(), lexicon)?;
    let mut sets = Vec::new();
    for set in corpus.sets.iter().filter(|s| s.for_use != Use::Train) {
        let kind = if set.head == HeadKind::Content { Kind::Content } else { Kind::Injection };
        let mut hits = vec![0; rules.all.len()];
        for case in &set.cases {
            let reading = Reading::new(&case.text, lexicon);
            for hit in rules.hits(kind, &reading.hits, |word| reading.sentence_of(word), set.head == HeadKind::Data) {
                hits[hit.rule] += 1;
            }
        }
        sets.push(SetCount { source: set.source, kind, attack: set.attack, texts: set.cases.len(), hits });
    }
    Ok(RuleCounts { rules, sets })
}

impl RuleCounts {
    /// What is known of a rule without one source. Half a hit and one text are added, so that "never wrong yet" is not "never wrong".
    fn measures(&self, rule: usize, left_out: Option<&str>) -> Measures {
        let kind = self.rules.all[rule].kind;
        let share = |attack: bool| {
            let of = self.sets.iter().filter(|s| s.kind == kind && s.attack == attack && left_out != Some(s.source));
            let (hits, texts) = of.fold((0, 0), |(hits, texts), s| (hits + s.hits[rule], texts + s.texts));
            (hits as f32 + 0.5, texts as f32 + 1.0)
        };
        let ((right, attacks), (wrong, harmless)) = (share(true), share(false));
        Measures::of(right / attacks, wrong / harmless)
    }

    /// The lines of `rule-measures.txt`.
    pub(crate) fn write(&self, left_out: Option<&str>) -> String {
        let mut out = String::from(
            "# rule, recall, precision (as many attacks as harmless texts), false positive rate; written by training.\n",
        );
        for (number, rule) in self.rules.all.iter().enumerate() {
            let m = self.measures(number, left_out);
            out.push_str(&format!("{} {:.4} {:.4} {:.5}\n", rule.name, m.recall, m.precision, m.false_positive_rate));
        }
        out
    }
}

/// The chance that a positive scores higher than a negative.
pub(crate) fn area_under_curve(scores: &[(f32, bool)]) -> f32 {
    let mut sorted = scores.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = sorted.iter().filter(|s| s.1).count() as f64;
    let negatives = sorted.len() as f64 - positives;
    let (mut below, mut area, mut at) = (0.0, 0.0, 0);
    while at < sorted.len() {
        let end = at + sorted[at..].iter().take_while(|s| s.0 == sorted[at].0).count();
        let here = sorted[at..end].iter().filter(|s| s.1).count() as f64;
        let others = (end - at) as f64 - here;
        area += here * (below + others / 2.0);
        below += others;
        at = end;
    }
    (area / (positives * negatives).max(1.0)) as f32
}

/// The share of texts at or above a score.
pub(crate) fn share_at(scores: &[f32], threshold: f32) -> f32 {
    scores.iter().filter(|s| **s >= threshold).count() as f32 / scores.len().max(1) as f32
}

/// The lowest threshold at which the sets' mean share at or above it is at most `rate`: each set counts the same, however long.
pub(crate) fn threshold_for(sets: &[&[f32]], rate: f32) -> f32 {
    let mut candidates: Vec<f32> = sets.iter().flat_map(|s| s.iter().copied()).filter(|s| s.is_finite()).collect();
    candidates.sort_by(|a, b| b.total_cmp(a));
    let mean = |threshold: f32| sets.iter().map(|s| share_at(s, threshold)).sum::<f32>() / sets.len().max(1) as f32;
    let within = candidates.iter().copied().take_while(|t| mean(*t) <= rate).last();
    within.or(candidates.first().map(|most| most + 0.1)).unwrap_or(0.0)
}

pub(crate) fn keep(left_out: Option<&'static str>) -> impl Fn(&super::corpus::Set, &super::corpus::Case) -> bool {
    move |set, _| left_out.is_none_or(|source| is_kept(set, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_counts_ties_half() {
        assert!((area_under_curve(&[(0.9, true), (0.5, true), (0.5, false), (0.1, false)]) - 0.875).abs() < 1e-6);
    }

    #[test]
    fn the_threshold_keeps_the_rate() {
        let (a, b): (Vec<f32>, Vec<f32>) = ((0..100).map(|i| i as f32).collect(), (0..10).map(|i| i as f32).collect());
        let t = threshold_for(&[&a, &b], 0.05);
        assert!((share_at(&a, t) + share_at(&b, t)) / 2.0 <= 0.05 && t < 95.0, "{t}");
    }
}
