//! Fits a head to labelled texts. Of an attack only its strongest window is an attack, so the windows and the weights are found in turns:
//! fit, choose each attack's best window, fit again. Every window of a harmless text is harmless.

use super::corpus::{Case, Corpus, OWN, Set, Use};
use super::logistic::{Sample, fit};
use crate::safety::features::{BUCKETS, WORD_VALUE, norm};
use crate::safety::lexicon::Lexicon;
use crate::safety::model::{Head, HeadKind};
use crate::safety::reading::Reading;

const TURNS: usize = 3;
/// How much the loss counts against the penalty on weights.
const LOSS: f32 = 10.0;
/// What all attacks together count against all harmless texts together.
const ATTACKS: f32 = 0.6;

type Row = Vec<(u32, f32)>;

/// The windows of one text as samples, and which text of which set it is.
struct Text {
    set: usize,
    case: usize,
    attack: bool,
    rows: Vec<Row>,
}

/// All texts of all sets, read once.
pub(crate) struct Fitter<'a> {
    corpus: &'a Corpus,
    texts: Vec<Text>,
    concepts: [usize; 3],
}

impl<'a> Fitter<'a> {
    pub(crate) fn new(corpus: &'a Corpus, lexicon: &Lexicon) -> Self {
        let concepts = HeadKind::ALL.map(|kind| {
            let n = lexicon.names(kind.family()).len();
            n + n * n
        });
        let mut texts = Vec::new();
        for (number, set) in corpus.sets.iter().enumerate().filter(|(_, s)| s.for_use != Use::Test) {
            for (case, text) in set.cases.iter().enumerate() {
                let rows = rows(&text.text, set.head, concepts[set.head as usize], lexicon);
                if !rows.is_empty() {
                    texts.push(Text { set: number, case, attack: set.attack, rows });
                }
            }
        }
        Self { corpus, texts, concepts }
    }

    /// The head learned from the texts that `keep` wants.
    pub(crate) fn fit(&self, kind: HeadKind, keep: impl Fn(&Set, &Case) -> bool) -> Head {
        let set = |text: &Text| &self.corpus.sets[text.set];
        let wanted: Vec<&Text> =
            self.texts.iter().filter(|t| set(t).head == kind && keep(set(t), &set(t).cases[t.case])).collect();
        let concepts = self.concepts[kind as usize];
        let dimensions = concepts + BUCKETS + 1;
        // The longest window has most of the attack in it: a fair first guess.
        let longest = |rows: &Vec<Row>| (0..rows.len()).rev().max_by_key(|i| rows[*i].len()).unwrap_or(0);
        let mut chosen: Vec<usize> = wanted.iter().map(|t| longest(&t.rows)).collect();
        let harmless: f32 = wanted.iter().filter(|t| !t.attack).map(|t| (t.rows.len() as f32).sqrt()).sum();
        let attacks = wanted.iter().filter(|t| t.attack).count() as f32;
        let mut weights = Vec::new();
        for _ in 0..TURNS {
            let mut samples = Vec::new();
            for (text, chosen) in wanted.iter().zip(&chosen) {
                if text.attack {
                    samples.push(Sample {
                        features: &text.rows[*chosen],
                        positive: true,
                        weight: LOSS * ATTACKS * harmless.max(1.0) / attacks,
                    });
                } else {
                    let weight = LOSS / (text.rows.len() as f32).sqrt();
                    samples.extend(text.rows.iter().map(|features| Sample { features, positive: false, weight }));
                }
            }
            weights = fit(&samples, dimensions);
            let score = |row: &Row| row.iter().map(|(i, v)| weights[*i as usize] * v).sum::<f32>();
            for (text, chosen) in wanted.iter().zip(&mut chosen).filter(|(t, _)| t.attack) {
                let best = (0..text.rows.len()).max_by(|a, b| score(&text.rows[*a]).total_cmp(&score(&text.rows[*b])));
                *chosen = best.unwrap_or(0);
            }
        }
        quantised(&weights, concepts)
    }
}

/// Own phrases are always learned from; another set when its source is not the one left out.
pub(crate) fn is_kept(set: &Set, left_out: &str) -> bool {
    set.source == OWN || set.source != left_out
}

fn quantised(weights: &[f32], concepts: usize) -> Head {
    let (concept_weights, rest) = weights.split_at(concepts);
    let words = &rest[..BUCKETS];
    // The few largest are clipped, so that the many small ones keep their steps.
    let mut sizes: Vec<f32> = words.iter().map(|w| w.abs()).collect();
    sizes.sort_by(f32::total_cmp);
    let largest = sizes[sizes.len() - 1 - sizes.len() / 2000].max(1e-6);
    let unit = largest / 127.0;
    Head {
        concepts: concept_weights.to_vec(),
        words: words.iter().map(|w| (w / unit).round().clamp(-127.0, 127.0) as i8).collect(),
        unit,
        bias: rest[BUCKETS],
        threshold: 0.0,
    }
}

fn rows(text: &str, kind: HeadKind, concepts: usize, lexicon: &Lexicon) -> Vec<Row> {
    let features = Reading::new(text, lexicon).features;
    let column = &features.concepts[kind.family() as usize];
    let row = |window: std::ops::Range<usize>| {
        let mut row: Row = column.of(&window).iter().map(|i| (column.unique[*i as usize], 1.0)).collect();
        row.extend(
            features
                .words
                .of(&window)
                .iter()
                .map(|i| (features.words.unique[*i as usize] + concepts as u32, WORD_VALUE)),
        );
        row.sort_unstable_by_key(|(i, _)| *i);
        row.dedup_by_key(|(i, _)| *i);
        let scale = 1.0 / norm(row.len());
        row.iter_mut().for_each(|(_, v)| *v *= scale);
        // The constant.
        row.push(((concepts + BUCKETS) as u32, 1.0));
        row
    };
    features.windows().map(row).collect()
}
