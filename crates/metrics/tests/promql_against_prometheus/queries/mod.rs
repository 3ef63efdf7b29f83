//! What is asked. Every supported function, operator and modifier occurs, most with something awkward about it.

mod one_vector;
mod several;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) text: &'static str,
    /// Not a question that a range query may ask.
    pub(crate) is_instant_only: bool,
    /// The order of an instant answer counts.
    pub(crate) is_ordered: bool,
}

pub(crate) fn all() -> Vec<Question> {
    let plain = |text: &&'static str| Question { text, is_instant_only: false, is_ordered: false };
    let ordered = |text: &&'static str| Question { is_ordered: true, ..plain(text) };
    let instant = |text: &&'static str| Question { is_instant_only: true, ..plain(text) };
    let topics = [
        one_vector::SELECTORS,
        one_vector::WINDOWS,
        one_vector::ELEMENTS,
        several::AGGREGATIONS,
        several::OPERATORS,
        several::SUBQUERIES,
    ];
    topics
        .into_iter()
        .flat_map(|topic| topic.iter().map(plain))
        .chain(ORDERED.iter().map(ordered))
        .chain(INSTANT_ONLY.iter().map(instant))
        .collect()
}

const ORDERED: &[&str] = &[
    "sort(memory_bytes)",
    "sort_desc(memory_bytes)",
    "sort(temperature_celsius)",
    "sort_desc(temperature_celsius)",
    "topk(3, memory_bytes)",
    "bottomk(3, memory_bytes)",
];

const INSTANT_ONLY: &[&str] = &[
    "memory_bytes[2m]",
    "ending[10m]",
    "every_five_minutes[5m]",
    "memory_bytes[3m] offset 10m",
    "rate(http_requests_total[2m])[5m:1m]",
    "sum(memory_bytes)[4m:37s] offset 1m",
    "steps[10m:]",
    "memory_bytes[90s] @ 1700003000",
    // Over a range 2.42 lets the fixed window slide away; see the module documentation of `query`.
    "predict_linear(memory_bytes[10m] @ 1700003000, 300)",
];

/// Refused by both.
pub(crate) const REFUSED: &[&str] = &[
    "",
    "sum(",
    "memory_bytes limit_bytes",
    "rate(memory_bytes)",
    "rate(rate(memory_bytes[5m]))",
    "memory_bytes[5m] + 1",
    "memory_bytes[0s]",
    "memory_bytes offset 5",
    "1 > 2",
    "1 and 2",
    "{job=~\".*\"}",
    "{}",
    "memory_bytes{job=~\"(\"}",
    "no_such_function(memory_bytes)",
    "memory_bytes + on (job) limit_bytes",
    "memory_bytes * on (job) build_info",
    "limit_bytes * on (job) group_left temperature_celsius",
    "build_info * on (job) group_right (job) memory_bytes",
    "rate({__name__=~\"memory_bytes|limit_bytes\"}[5m])",
    "{__name__=~\"memory_bytes|limit_bytes\"} * 2",
    "-{__name__=~\"memory_bytes|limit_bytes\"}",
    "abs({__name__=~\"memory_bytes|limit_bytes\"})",
    "label_replace(memory_bytes, \"instance\", \"\", \"\", \"\")",
    "label_replace(memory_bytes, \"0bad\", \"\", \"\", \"\")",
    "label_replace(memory_bytes, \"a\", \"\", \"job\", \"(\")",
    "label_join(memory_bytes, \"instance\", \"\", \"job\")",
    "count_values(\"0bad\", memory_bytes)",
    "topk(NaN, memory_bytes)",
    "topk(1e300, memory_bytes)",
    "memory_bytes and on (job) group_left limit_bytes",
    "memory_bytes == bool 1 +",
    "memory_bytes @ memory_bytes",
    "memory_bytes offset 1m offset 2m",
    "sum(memory_bytes)[5m]",
    "histogram_quantile(request_seconds_bucket, 0.5)",
    "clamp(memory_bytes, 1)",
    "memory_bytes{job=\"api\"",
    "memory_bytes{job=\"api}",
    "'a' + 1",
    "max(memory_bytes) by",
];
