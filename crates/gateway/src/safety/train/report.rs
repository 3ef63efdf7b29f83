//! What was measured on labelled sets, as a table and as data.

use std::fmt::{Display, Formatter, Result};

use serde::Serialize;

use crate::safety::verdict::Kind;

/// One set. Shares are of its texts at a score of 0.5: for attacks the recall, for harmless texts the false positive rate.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub set: &'static str,
    /// What was left out together with it.
    pub source: &'static str,
    pub kind: Kind,
    pub attack: bool,
    pub texts: usize,
    /// In cross-validation by a judge that has seen nothing of its source; none for the project's own phrases.
    pub flagged: Option<f32>,
    /// The same at a score of 0.8.
    pub flagged_surely: Option<f32>,
    /// Of what was flagged of this set and of all harmless sets of its kind, in their actual numbers.
    pub precision: Option<f32>,
    /// Area under the curve against all sets of its kind with the other label.
    pub area: Option<f32>,
    /// In five folds; own phrases leave out whole groups of templates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub five_folds: Option<f32>,
}

/// How well supported answers are told from others.
#[derive(Clone, Debug, Serialize)]
pub struct Grounded {
    pub source: &'static str,
    pub answers: usize,
    pub area: f32,
    /// Of the unsupported answers, those called so.
    pub unsupported_found: f32,
    /// Of the supported answers, those called unsupported.
    pub supported_flagged: f32,
}

/// All of it.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What `flagged` means here.
    pub how: &'static str,
    pub rows: Vec<Row>,
    pub groundedness: Vec<Grounded>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let percent = |share: Option<f32>| share.map_or("–".to_owned(), |s| format!("{:.1} %", s * 100.0));
        let area = |area: Option<f32>| area.map_or("–".to_owned(), |a| format!("{a:.3}"));
        writeln!(f, "| set | texts | is | {} | at 0.8 | precision | AUC | five folds |", self.how)?;
        writeln!(f, "|---|--:|---|--:|--:|--:|--:|--:|")?;
        for r in &self.rows {
            let label = format!("{} {}", if r.attack { "attack," } else { "harmless," }, r.kind.name());
            let shares = [r.flagged, r.flagged_surely, r.precision].map(percent).join(" | ");
            let (area, folds) = (area(r.area), percent(r.five_folds));
            writeln!(f, "| {} | {} | {label} | {shares} | {area} | {folds} |", r.set, r.texts)?;
        }
        writeln!(
            f,
            "\n| groundedness | answers | AUC | unsupported found | supported flagged |\n|---|--:|--:|--:|--:|"
        )?;
        for g in &self.groundedness {
            let (found, wrong) = (percent(Some(g.unsupported_found)), percent(Some(g.supported_flagged)));
            writeln!(f, "| {} | {} | {:.3} | {found} | {wrong} |", g.source, g.answers, g.area)?;
        }
        Ok(())
    }
}
