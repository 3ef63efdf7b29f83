//! The groundedness weights: a plain logistic regression on the six shares, each source counting the same.

use super::corpus::{Corpus, Pair};
use super::logistic::{Sample, fit as fit_logistic};
use super::measure::{area_under_curve, share_at};
use super::report::Grounded;
use crate::safety::answer::{FEATURES, Ground, Support};
use crate::safety::text::fold;

/// An answer's features, whether it is supported, and how much it counts.
type Row = (Vec<(u32, f32)>, bool, f32);

/// The weights learned from all sources but one; without any source all are zero.
pub(crate) fn fit(corpus: &Corpus, left_out: Option<&str>) -> Ground {
    let mut rows: Vec<Row> = Vec::new();
    for (_, pairs) in corpus.pairs.iter().filter(|(source, _)| Some(*source) != left_out) {
        let yes = pairs.iter().filter(|p| p.supported).count().max(1) as f32;
        let no = (pairs.len() as f32 - yes).max(1.0);
        for pair in pairs {
            let mut row: Vec<(u32, f32)> = (0..).zip(features(pair)).collect();
            row.push((FEATURES as u32, 1.0));
            // Supported and unsupported count the same, whatever their shares.
            rows.push((row, pair.supported, 200.0 / if pair.supported { yes } else { no }));
        }
    }
    let samples: Vec<Sample<'_>> = rows
        .iter()
        .map(|(features, positive, weight)| Sample { features, positive: *positive, weight: *weight })
        .collect();
    let weights = fit_logistic(&samples, FEATURES + 1);
    Ground { weights: std::array::from_fn(|i| weights.get(i).copied().unwrap_or(0.0)) }
}

fn features(pair: &Pair) -> [f32; FEATURES] {
    Support::new(&pair.knowledge).features(&fold(&pair.answer).text)
}

/// Each source, judged by weights learned from the others.
pub(super) fn left_out(corpus: &Corpus) -> Vec<Grounded> {
    corpus.pairs.iter().map(|(source, pairs)| one(&fit(corpus, Some(source)), source, pairs)).collect()
}

/// All sources, judged by the same weights.
pub(super) fn measure(ground: &Ground, corpus: &Corpus) -> Vec<Grounded> {
    corpus.pairs.iter().map(|(source, pairs)| one(ground, source, pairs)).collect()
}

fn one(ground: &Ground, source: &'static str, pairs: &[Pair]) -> Grounded {
    let score = |pair: &Pair| (ground.share(&Support::new(&pair.knowledge), &fold(&pair.answer).text), pair.supported);
    let scores: Vec<(f32, bool)> = pairs.iter().map(score).collect();
    let flagged = |supported: bool| {
        let of: Vec<f32> = scores.iter().filter(|s| s.1 == supported).map(|s| -s.0).collect();
        share_at(&of, -0.5)
    };
    Grounded {
        source,
        answers: pairs.len(),
        area: area_under_curve(&scores),
        unsupported_found: flagged(false),
        supported_flagged: flagged(true),
    }
}

pub(crate) fn write(ground: &Ground) -> String {
    let names = [
        "words in the context",
        "content words",
        "word pairs",
        "longest unsupported run",
        "question",
        "first person",
        "constant",
    ];
    let mut out = String::from("# Weights of the groundedness score, written by training. One number a line.\n");
    for (name, weight) in names.iter().zip(ground.weights) {
        out.push_str(&format!("# {name}\n{weight}\n"));
    }
    out
}
