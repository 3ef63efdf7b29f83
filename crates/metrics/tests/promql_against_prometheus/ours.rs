//! This crate's side: gives the evaluator exactly what it says it needs, and nothing more.

use metrics::query::{EvalRange, Limits, Query, Selection, Series};

use crate::answers::Answer;

pub(crate) fn ask(text: &str, range: EvalRange, fixture: &[Series]) -> Result<Answer, String> {
    let query = Query::parse(text).map_err(|error| error.to_string())?;
    let data: Vec<Vec<Series>> = query.selections(range).iter().map(|selection| load(selection, fixture)).collect();
    let value = query.eval(&data, range, Limits::default()).map_err(|error| error.to_string())?;
    Ok(Answer::read(&serde_json::to_value(&value).unwrap()))
}

fn load(selection: &Selection, fixture: &[Series]) -> Vec<Series> {
    let selected = fixture
        .iter()
        .filter(|series| {
            selection
                .matchers
                .iter()
                .all(|matcher| matcher.matches(series.labels.get(matcher.name()).unwrap_or_default()))
        })
        .map(|series| {
            let span = selection.start_ms..=selection.end_ms;
            let samples = series.samples.iter().copied().filter(|sample| span.contains(&sample.ts)).collect();
            Series { labels: series.labels.clone(), samples }
        });
    selected.collect()
}
