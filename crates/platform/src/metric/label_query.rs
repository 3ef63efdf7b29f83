//! Which series and labels there are.
//!
//! Always true: answers are sorted and bounded.

use domain::access::Permission;
use metrics::query::{EvalRange, Query};
use metrics::{Labels, Matcher};

use super::{Metrics, query};
use crate::actor::Actor;
use crate::error::{Error, Result};

/// Series, names or values in one answer.
const MAX_ANSWER: usize = 50_000;

impl Metrics {
    /// Label sets of the series in memory that meet any of the selectors.
    ///
    /// # Errors
    /// Without the permission to observe, or when a selector is wrong or none is given.
    pub fn series(&self, actor: &Actor, selectors: &[String]) -> Result<Vec<Labels>> {
        actor.require(Permission::Observe)?;
        if selectors.is_empty() {
            return Err(Error::field("match[]", "name at least one selector, for example match[]=up"));
        }
        let mut ids = Vec::new();
        for matchers in parse_selectors(selectors)? {
            ids.extend(self.engine.head.select(&matchers));
        }
        ids.sort_unstable();
        ids.dedup();
        let mut all: Vec<_> = ids.into_iter().take(MAX_ANSWER).filter_map(|id| self.engine.head.labels(id)).collect();
        all.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        Ok(all)
    }

    /// Names of labels of the series that meet any of the selectors, or of all series.
    ///
    /// # Errors
    /// As above.
    pub fn label_names(&self, actor: &Actor, selectors: &[String]) -> Result<Vec<String>> {
        actor.require(Permission::Observe)?;
        self.collect(selectors, |matchers| self.engine.head.label_names(matchers))
    }

    /// Values of one label.
    ///
    /// # Errors
    /// As above.
    pub fn label_values(&self, actor: &Actor, name: &str, selectors: &[String]) -> Result<Vec<String>> {
        actor.require(Permission::Observe)?;
        self.collect(selectors, |matchers| self.engine.head.label_values(name, matchers))
    }

    fn collect(&self, selectors: &[String], read: impl Fn(&[Matcher]) -> Vec<String>) -> Result<Vec<String>> {
        let selectors = if selectors.is_empty() { vec![Vec::new()] } else { parse_selectors(selectors)? };
        let mut all: Vec<_> = selectors.iter().flat_map(|matchers| read(matchers)).collect();
        all.sort_unstable();
        all.dedup();
        all.truncate(MAX_ANSWER);
        Ok(all)
    }
}

fn parse_selectors(selectors: &[String]) -> Result<Vec<Vec<Matcher>>> {
    selectors.iter().map(|text| parse_selector(text)).collect()
}

fn parse_selector(text: &str) -> Result<Vec<Matcher>> {
    let refused =
        || Error::field("match[]", format!("{text:?} is not a series selector like up{{service=\"orders\"}}"));
    let query: Query = query::parse(text).map_err(|_| refused())?;
    match query.selections(EvalRange::instant(0)).as_slice() {
        [only] => Ok(only.matchers.clone()),
        _ => Err(refused()),
    }
}
