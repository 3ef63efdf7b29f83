//! PromQL: parse a query, say which samples it needs, evaluate it on them. Pure: no I/O, no clock, no threads.
//!
//! ```
//! use metrics::labels::Labels;
//! use metrics::query::{EvalRange, Limits, Query, Series, Value};
//! use metrics::sample::Sample;
//!
//! let query = Query::parse("sum(rate(requests_total[1m]))").unwrap();
//! let at = EvalRange::instant(60_000);
//! let wanted = query.selections(at);
//! assert_eq!((wanted.len(), wanted[0].start_ms, wanted[0].end_ms), (1, 0, 60_000));
//!
//! let labels = Labels::from_pairs([("__name__", "requests_total"), ("job", "api")]).unwrap();
//! let samples = (0..=60).map(|s| Sample::new(s * 1000, s as f64 * 2.0)).collect();
//! let Value::Vector(answer) = query.eval(&[vec![Series { labels, samples }]], at, Limits::default()).unwrap() else {
//!     panic!("an instant query of a vector answers a vector");
//! };
//! assert_eq!(answer[0].sample.value, 2.0);
//! ```
//!
//! # What the answers are
//!
//! Those of Prometheus 2.42 (see [`time`] for the one place where Prometheus 3 differs): the integration test
//! `promql_against_prometheus` asks both the same questions about the same samples. Supported are all
//! selectors, `offset`, `@`, subqueries, all operators with their matching, all aggregations and all functions of
//! that version except those below. `first_over_time` is there in addition.
//!
//! Not supported, and refused by [`Query::parse`] with the name and the place:
//! - `holt_winters` / `double_exponential_smoothing`, and `histogram_count|sum|fraction|…`: native histograms are not stored;
//! - a string as the whole query;
//! - what only later versions have: `limitk`, `limit_ratio`, `fill`, `info`, `sort_by_label`, `or` between label matchers,
//!   durations without a unit, arithmetic on durations.
//!
//! Known differences, all found by the test or by random queries to both:
//! - a fixed time (`@`) stays fixed over a range everywhere; 2.42 lets it slide in windows of functions with a scalar argument
//!   (`predict_linear`) and in parameters of aggregations, and forgets the `offset` beside it under `timestamp`;
//! - `stdvar_over_time`, `stddev_over_time` and `deriv` of values whose spread is tiny beside their size are more accurate;
//! - `hour` and the other parts of a date are NaN for NaN and infinities; 2.42 takes them from an undefined conversion;
//! - the last digits of a value can differ (sums are made in another order, `exp` and the like come from another library),
//!   which `count_values` turns into different labels;
//! - `.` in a matcher's regular expression matches a line break too, as in Prometheus 3;
//! - a subquery without any step answers nothing where 2.42 may still find fault with what it would have computed.
//!
//! # How it works
//!
//! A query becomes a tree of `Node`. Each node is evaluated once for all steps and gives columns: a label set with a value per
//! step. So labels are handled once per series, not once per step, and windows slide along
//! the samples instead of being read again at each step. What is read or computed is counted against [`Limits`] first.

mod aggregate;
mod aggregate_rank;
mod binary;
mod binary_match;
mod binary_set;
mod column;
mod error;
mod eval;
mod functions_element;
mod functions_label;
mod functions_vector;
mod histogram;
mod json;
mod limits;
mod lower;
mod lower_call;
mod lower_operator;
mod node;
mod number;
mod parse;
mod plan;
mod quantile;
mod scan;
mod series;
mod syntax;
pub mod time;
mod value;
mod window;
mod window_fold;
mod window_function;
mod window_rate;
mod window_regression;

pub use crate::head::{MatchOp, Matcher};
pub use error::{ErrorKind, QueryError};
pub use limits::Limits;
pub use number::format_value;
pub use plan::{Hint, Selection};
pub use series::Series;
pub use time::EvalRange;
pub use value::{Element, Value};

use node::{Node, SelectorSpec};

/// A parsed query, ready to be evaluated any number of times.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    selectors: Vec<SelectorSpec>,
    root: Node,
}

impl Query {
    /// Parses and checks a query.
    ///
    /// # Errors
    /// What is wrong, where, and how to mend it; also for PromQL that this engine does not support.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::parse(text)
    }

    /// The text it was parsed from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What has to be loaded for an evaluation over `range`, in the order in which [`Query::eval`] expects it.
    pub fn selections(&self, range: EvalRange) -> Vec<Selection> {
        plan::selections(self, range)
    }

    /// Evaluates the query over `range`. `data` holds, for each of [`Query::selections`], the series that match it with their samples in its
    /// time span; more samples than that do no harm.
    ///
    /// # Errors
    /// An impossible range, a limit that was reached, or data that do not fit the query (for example many-to-many matching).
    pub fn eval(&self, data: &[Vec<Series>], range: EvalRange, limits: Limits) -> Result<Value, QueryError> {
        eval::eval(self, data, range, limits)
    }
}
