//! Training and measuring the models, reproducibly: the same phrases, sets and seeds give the same bytes.
//! Like the rest it does no I/O: the caller hands in the contents of files and writes what comes out.

mod coded;
mod corpus;
mod cross;
mod fit;
mod formats;
mod ground;
mod logistic;
mod measure;
pub(super) mod phrases;
mod report;
mod sets;

use std::sync::Arc;

pub use corpus::{Corpus, CorpusError};
pub use report::{Grounded, Report, Row};

use super::judge::Judge;
use super::lexicon::Lexicon;
use super::model::{HeadKind, Model, ModelError};

/// What training writes into `config/safety`.
#[derive(Debug)]
pub struct Trained {
    pub model: Vec<u8>,
    pub groundedness: String,
    pub rule_measures: String,
    /// What was measured in cross-validation.
    pub report: Report,
}

impl Trained {
    /// The judge that these files make.
    pub fn judge(&self) -> Result<Judge, ModelError> {
        Judge::read(&self.model, &self.rule_measures, &self.groundedness)
    }

    /// Whether the files are the ones this program was built with.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        super::judge::is_shipped(&self.model, &self.rule_measures, &self.groundedness)
    }
}

/// What a judge makes of the sets of a corpus. Of sets that it was trained on this is a fit, not a measure.
pub fn measure(judge: &Judge, corpus: &Corpus) -> Report {
    Report {
        how: "flagged",
        rows: cross::rows(corpus, &cross::scored(judge, corpus, |_| true), None),
        groundedness: ground::measure(&judge.ground, corpus),
    }
}

/// Trains on the project's own phrases and on the sets of the corpus, and measures by leaving one source out at a time and by five folds.
pub fn train(corpus: &Corpus) -> Result<Trained, ModelError> {
    let lexicon = Arc::new(Lexicon::standard()?);
    let fitter = fit::Fitter::new(corpus, &lexicon);
    let counts = measure::rule_counts(corpus, &lexicon)?;
    let outcome = cross::validate(corpus, &fitter, &counts, &lexicon)?;
    let heads = HeadKind::ALL.map(|kind| {
        let mut head = fitter.fit(kind, |_, _| true);
        head.threshold = outcome.threshold(kind, None);
        head
    });
    let ground = ground::fit(corpus, None);
    let model = Model::new(heads);
    let (bytes, mut rule_measures) = (model.write(lexicon.fingerprint()), counts.write(None));
    let judge = Judge::with(&lexicon, model, &rule_measures, ground.clone())?;
    rule_measures.push_str(outcome.models());
    rule_measures.push_str(&coded::rules(&judge, corpus));
    Ok(Trained { model: bytes, groundedness: ground::write(&ground), rule_measures, report: outcome.report() })
}

/// A small generator of its own, so that what is trained does not change with a library.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % sides.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.roll(from.len()))
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let other = self.roll(i + 1);
            items.swap(i, other);
        }
    }
}
