//! The groundedness weights: a plain logistic regression on the six shares, each source counting the same.

use super::corpus::{Corpus, Pair};
use super::logistic::{Sample, fit as fit_logistic};
use super::measure::area_under_curve;
use crate::safety::answer::{FEATURES, Ground, Support};
use crate::safety::text::fold;

/// The weights learned from all sources but one.
pub(crate) fn fit(corpus: &Corpus, left_out: Option<&str>) -> Ground {
    let mut rows: Vec<(Vec<(u32, f32)>, bool, f32)> = Vec::new();
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
    let samples: Vec<Sample<'_>> = rows.iter().map(|(features, positive, weight)| Sample { features, positive: *positive, weight: *weight }).collect();
    let weights = fit_logistic(&samples, FEATURES + 1);
    Ground { weights: std::array::from_fn(|i| weights.get(i).copied().unwrap_or(0.0)) }
}

fn features(pair: &Pair) -> [f32; FEATURES] {
    Support::new(&pair.knowledge).features(&fold(&pair.answer).text)
}

/// The area under the curve of each source, judged by weights learned from the others.
pub(crate) fn left_out(corpus: &Corpus) -> Vec<(&'static str, usize, f32, f32, f32)> {
    let score = |ground: &Ground, pair: &Pair| (ground.share(&Support::new(&pair.knowledge), &fold(&pair.answer).text), pair.supported);
    let measured = corpus.pairs.iter().map(|(source, pairs)| {
        let ground = fit(corpus, Some(source));
        let scores: Vec<(f32, bool)> = pairs.iter().map(|p| score(&ground, p)).collect();
        let share = |wanted: bool| {
            let of: Vec<_> = scores.iter().filter(|s| s.1 == wanted).collect();
            of.iter().filter(|s| s.0 < 0.5).count() as f32 / of.len().max(1) as f32
        };
        (*source, pairs.len(), area_under_curve(&scores), share(false), share(true))
    });
    measured.collect()
}

pub(crate) fn write(ground: &Ground) -> String {
    let names = ["words in the context", "content words", "word pairs", "longest unsupported run", "question", "first person", "constant"];
    let mut out = String::from("# Weights of the groundedness score, written by training. One number a line.\n");
    for (name, weight) in names.iter().zip(ground.weights) {
        out.push_str(&format!("# {name}\n{weight}\n"));
    }
    out
}
