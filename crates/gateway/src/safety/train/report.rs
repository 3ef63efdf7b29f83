//! What cross-validation found, as a table.

use std::fmt::{Display, Formatter, Result};

use crate::safety::verdict::Kind;

/// One set. Shares are of its texts at a score of 0.5: for attacks the recall, for harmless texts the false positive rate.
#[derive(Clone, Debug)]
pub struct Row {
    pub set: &'static str,
    pub kind: Kind,
    pub attack: bool,
    pub texts: usize,
    /// Judged by a judge that has seen nothing of its source; none for the project's own phrases.
    pub left_out: Option<f32>,
    /// The same at a score of 0.8.
    pub left_out_sure: Option<f32>,
    /// Of what was flagged of this set and of all harmless sets of its head, in their actual numbers.
    pub precision: Option<f32>,
    /// Area under the curve against all sets of its head with the other label.
    pub area: Option<f32>,
    /// Five folds; own phrases leave out whole groups of templates.
    pub five_folds: f32,
}

#[derive(Clone, Debug)]
pub struct Report {
    pub rows: Vec<Row>,
    /// Source, texts, area under the curve, unsupported answers found, supported answers called unsupported; each left out.
    pub groundedness: Vec<(&'static str, usize, f32, f32, f32)>,
    pub rule_measures: String,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let percent = |share: Option<f32>| share.map_or("—".to_owned(), |s| format!("{:.1} %", s * 100.0));
        let area = |area: Option<f32>| area.map_or("—".to_owned(), |a| format!("{a:.3}"));
        writeln!(f, "| set | texts | is | flagged, source left out | at 0.8 | precision | AUC | five folds |")?;
        writeln!(f, "|---|---|---|---|---|---|---|---|")?;
        for r in &self.rows {
            let label = format!("{} {}", if r.attack { "attack," } else { "harmless," }, r.kind.name());
            let (out, sure, precision) = (percent(r.left_out), percent(r.left_out_sure), percent(r.precision));
            writeln!(f, "| {} | {} | {label} | {out} | {sure} | {precision} | {} | {} |", r.set, r.texts, area(r.area), percent(Some(r.five_folds)))?;
        }
        writeln!(f, "\n| groundedness | answers | AUC, source left out | unsupported found | supported flagged |\n|---|---|---|---|---|")?;
        for (source, texts, area, found, wrong) in &self.groundedness {
            writeln!(f, "| {source} | {texts} | {area:.3} | {:.1} % | {:.1} % |", found * 100.0, wrong * 100.0)?;
        }
        Ok(())
    }
}
