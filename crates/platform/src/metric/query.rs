//! Queries in PromQL.
//!
//! Always true: evaluation runs off the async threads, reads a bounded number of samples and computes a bounded number
//! of points.

use std::sync::Arc;

use domain::access::Permission;
use metrics::query::{ErrorKind, EvalRange, Limits, Query, QueryError, Series, Value};

use super::{Engine, Metrics, read};
use crate::actor::Actor;
use crate::context::Context;
use crate::error::{Error, Result};

/// An answer in Prometheus' shape: `{"resultType": …, "result": …}`.
pub type QueryAnswer = Value;

/// A query over a range, in Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct RangeQuery {
    pub start_ms: i64,
    pub end_ms: i64,
    pub step_ms: i64,
}

impl Metrics {
    /// Evaluates at one time.
    ///
    /// # Errors
    /// Without the permission to observe, or when the query is wrong or too large.
    pub async fn query(&self, actor: &Actor, text: &str, at_ms: Option<i64>) -> Result<QueryAnswer> {
        actor.require(Permission::Observe)?;
        let at = at_ms.unwrap_or_else(|| self.context.clock.now_ms());
        let query = parse(text)?;
        evaluate(&self.context, &self.engine, query, EvalRange::instant(at)).await
    }

    /// Evaluates at each step of a range.
    ///
    /// # Errors
    /// As above.
    pub async fn query_range(&self, actor: &Actor, text: &str, range: RangeQuery) -> Result<QueryAnswer> {
        actor.require(Permission::Observe)?;
        let query = parse(text)?;
        let range = EvalRange { start_ms: range.start_ms, end_ms: range.end_ms, step_ms: range.step_ms };
        evaluate(&self.context, &self.engine, query, range).await
    }
}

pub(super) fn parse(text: &str) -> Result<Query> {
    Query::parse(text).map_err(|error| refuse(&error))
}

pub(super) async fn evaluate(context: &Context, engine: &Engine, query: Query, range: EvalRange) -> Result<Value> {
    let data = load(context, engine, &query, range).await?;
    let limits = Limits { max_samples: context.config.metrics.max_query_samples, ..Limits::default() };
    let query = Arc::new(query);
    tokio::task::spawn_blocking(move || query.eval(&data, range, limits))
        .await
        .map_err(|e| Error::internal("evaluating a query", e))?
        .map_err(|error| refuse(&error))
}

async fn load(context: &Context, engine: &Engine, query: &Query, range: EvalRange) -> Result<Vec<Vec<Series>>> {
    let mut data = Vec::new();
    for selection in query.selections(range) {
        data.push(read::read(context, engine, &selection).await?);
    }
    Ok(data)
}

fn refuse(error: &QueryError) -> Error {
    let field = if error.kind == ErrorKind::Range { "start" } else { "query" };
    Error::field(field, error.to_string())
}
