//! PromQL without a Prometheus to compare with: what is refused and how, what is asked of the store, what bounds the work, and
//! that nothing panics.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod random;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod selections;
#[cfg(test)]
mod windows;

#[cfg(test)]
mod support {
    //! Series and answers in the few characters that a table has room for.

    use metrics::labels::Labels;
    use metrics::query::{EvalRange, Limits, Query, QueryError, Series, Value};
    use metrics::sample::Sample;

    /// `name` with the labels given and `(seconds, value)` samples.
    pub(crate) fn series(name: &str, labels: &[(&str, &str)], samples: &[(i64, f64)]) -> Series {
        let pairs = labels.iter().copied().chain([("__name__", name)]);
        let samples = samples.iter().map(|(seconds, value)| Sample::new(seconds * 1000, *value)).collect();
        Series { labels: Labels::from_pairs(pairs).unwrap(), samples }
    }

    /// Evaluates a query, giving each selector the series that match it.
    pub(crate) fn eval(text: &str, store: &[Series], range: EvalRange, limits: Limits) -> Result<Value, QueryError> {
        let query = Query::parse(text)?;
        let data: Vec<Vec<Series>> = query
            .selections(range)
            .iter()
            .map(|selection| {
                let value = |series: &Series, name: &str| series.labels.get(name).unwrap_or_default().to_owned();
                let matches = |series: &&Series| selection.matchers.iter().all(|m| m.matches(&value(series, m.name())));
                store.iter().filter(matches).cloned().collect()
            })
            .collect();
        query.eval(&data, range, limits)
    }

    /// The answer of an instant query at `seconds` as `labels value` lines.
    pub(crate) fn at(text: &str, store: &[Series], seconds: i64) -> Vec<String> {
        match eval(text, store, EvalRange::instant(seconds * 1000), Limits::default()) {
            Ok(Value::Vector(elements)) => {
                elements.iter().map(|element| format!("{} {}", element.labels, element.sample.value)).collect()
            }
            Ok(Value::Scalar(sample)) => vec![sample.value.to_string()],
            Ok(Value::Matrix(series)) => series.iter().map(|series| format!("{series:?}")).collect(),
            Err(error) => vec![error.to_string()],
        }
    }
}
