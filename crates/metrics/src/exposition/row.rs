//! One sample as it was exposed.

use std::borrow::Cow;

use crate::{LabelError, LabelLimits, Labels, LabelsBuilder, labels::METRIC_NAME};

/// One sample as it was exposed.
#[derive(Clone, Debug, Default)]
pub struct Row<'a> {
    /// Name and labels as written, to recognise the series by ([`crate::head::RawKey`]).
    pub raw: &'a str,
    /// The name, with any suffix of the type.
    pub name: Cow<'a, str>,
    /// Names and values, in the order written; no name comes twice.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The value.
    pub value: f64,
    /// The time in ms, where the exporter gives one.
    pub ts: Option<i64>,
    /// An example of what was measured (OpenMetrics only).
    pub exemplar: Option<Exemplar<'a>>,
}

/// An example of what was measured: usually one request, by its trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar<'a> {
    /// Names and values, in the order written.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The value.
    pub value: f64,
    /// The time in ms, where the exporter gives one.
    pub ts: Option<i64>,
}

impl Row<'_> {
    /// The value of the label `name`.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find_map(|(n, value)| (n == name).then_some(value.as_ref()))
    }

    /// The series this is a sample of when `target` exposes it. Where both have a label, the target's stays and the exposed one is
    /// renamed to `exported_…`.
    ///
    /// # Errors
    /// Labels beyond `limits`.
    pub fn canonical(
        &self,
        target: &Labels,
        builder: &mut LabelsBuilder,
        limits: &LabelLimits,
    ) -> Result<Labels, LabelError> {
        builder.clear();
        builder.push(METRIC_NAME, &self.name).extend(target);
        for (name, value) in self.labels.iter().filter(|(_, value)| !value.is_empty()) {
            if target.get(name).is_none() {
                builder.push(name, value);
                continue;
            }
            let mut exported = format!("exported_{name}");
            while target.get(&exported).is_some() || self.label(&exported).is_some() {
                exported.insert_str(0, "exported_");
            }
            builder.push(&exported, value);
        }
        builder.build(limits)
    }
}
