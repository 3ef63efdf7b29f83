//! The Prometheus HTTP API's shapes, so that Grafana can use Bellwether as a Prometheus data source.
//!
//! Always true: refusals carry both the contract's `error` object and Prometheus' `status` and `errorType`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::error::{ApiError, ErrorCode};
use http::StatusCode;
use platform::Platform;
use platform::metric::RangeQuery;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::responses::Refusals;
use crate::extract::{Params, Part, Raw, Who};

/// Prometheus' envelope.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Success {
    /// Always `success`.
    status: &'static str,
    data: Value,
}

fn success(data: impl Serialize) -> Result<Json<Success>, PrometheusRefusal> {
    let data = serde_json::to_value(data).map_err(|e| platform::Error::internal("writing an answer", e))?;
    Ok(Json(Success { status: "success", data }))
}

/// A refusal that Prometheus clients understand too.
#[derive(Debug)]
pub(crate) struct PrometheusRefusal(ApiError);

impl<E: Into<ApiError>> From<E> for PrometheusRefusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PrometheusRefusal {
    fn into_response(self) -> Response {
        let kind = match self.0.code {
            ErrorCode::InvalidInput | ErrorCode::MalformedRequest => "bad_data",
            ErrorCode::Timeout => "timeout",
            ErrorCode::NotFound => "not_found",
            ErrorCode::Unavailable => "unavailable",
            ErrorCode::Internal => "internal",
            _ => "execution",
        };
        let mut error = self.0;
        error.request_id = crate::middleware::request_id::current();
        let status = StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({ "status": "error", "errorType": kind, "error": error });
        (status, Json(body)).into_response()
    }
}

type Answer = Result<Json<Success>, PrometheusRefusal>;

/// A query at one time.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct QueryParams {
    /// PromQL.
    query: String,
    /// RFC 3339 or Unix seconds; now when absent.
    #[serde(default)]
    time: Option<String>,
}

/// A query over a range.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub(crate) struct RangeParams {
    /// PromQL.
    query: String,
    /// RFC 3339 or Unix seconds.
    start: String,
    /// RFC 3339 or Unix seconds.
    end: String,
    /// A duration like `15s`, or seconds.
    step: String,
}

fn time_ms(field: &str, text: &str) -> Result<i64, ApiError> {
    let wrong = || ApiError::field(field, "must be RFC 3339 or Unix seconds");
    if let Ok(seconds) = text.parse::<f64>() {
        let ms = seconds * 1_000.0;
        #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
        return if ms.abs() < 9e15 { Ok(ms.round() as i64) } else { Err(wrong()) };
    }
    domain::DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis()).map_err(|_| wrong())
}

fn step_ms(text: &str) -> Result<i64, ApiError> {
    let wrong = || ApiError::field("step", "must be a positive duration like 15s, or seconds");
    let units = [
        ("ms", 0.001),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3_600.0),
        ("d", 86_400.0),
        ("w", 604_800.0),
        ("y", 31_536_000.0),
    ];
    let seconds = text.parse::<f64>().ok().or_else(|| {
        units.iter().find_map(|(unit, seconds)| text.strip_suffix(unit)?.parse::<f64>().ok().map(|n| n * seconds))
    });
    let ms = seconds.ok_or_else(wrong)? * 1_000.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
    if (1.0..9e15).contains(&ms) { Ok(ms.round() as i64) } else { Err(wrong()) }
}

async fn run_query(platform: &Platform, who: &Who, params: QueryParams) -> Answer {
    let at = params.time.as_deref().map(|text| time_ms("time", text)).transpose()?;
    success(platform.metrics().query(&who.0, &params.query, at).await?)
}

async fn run_range(platform: &Platform, who: &Who, params: RangeParams) -> Answer {
    let range = RangeQuery {
        start_ms: time_ms("start", &params.start)?,
        end_ms: time_ms("end", &params.end)?,
        step_ms: step_ms(&params.step)?,
    };
    success(platform.metrics().query_range(&who.0, &params.query, range).await?)
}

fn form<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_urlencoded::from_bytes(body).map_err(|e| {
        let message = e.to_string();
        let field = message.split('`').nth(1).unwrap_or("body").to_owned();
        ApiError::field(field, message)
    })
}

/// Evaluate PromQL at one time.
#[utoipa::path(get, path = "/api/v1/query", tag = "Query", params(QueryParams), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn query(State(platform): State<Platform>, who: Who, Params(params): Params<QueryParams>) -> Answer {
    run_query(&platform, &who, params).await
}

/// Evaluate PromQL at one time, as a form.
#[utoipa::path(post, path = "/api/v1/query", tag = "Query", request_body(content = QueryParams, content_type = "application/x-www-form-urlencoded"), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn query_form(State(platform): State<Platform>, who: Who, Raw(body): Raw) -> Answer {
    run_query(&platform, &who, form(&body)?).await
}

/// Evaluate PromQL over a range.
#[utoipa::path(get, path = "/api/v1/query_range", tag = "Query", params(RangeParams), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn query_range(
    State(platform): State<Platform>,
    who: Who,
    Params(params): Params<RangeParams>,
) -> Answer {
    run_range(&platform, &who, params).await
}

/// Evaluate PromQL over a range, as a form.
#[utoipa::path(post, path = "/api/v1/query_range", tag = "Query", request_body(content = RangeParams, content_type = "application/x-www-form-urlencoded"), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn query_range_form(State(platform): State<Platform>, who: Who, Raw(body): Raw) -> Answer {
    run_range(&platform, &who, form(&body)?).await
}

/// Series selectors.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documentation only: read by `selectors`, since the same name comes several times")]
pub(crate) struct MatchParams {
    /// Series selectors, for example `up{service="orders"}`; several are joined.
    #[param(rename = "match[]")]
    matches: Option<Vec<String>>,
}

fn selectors(query: &[u8]) -> Result<Vec<String>, ApiError> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(query).map_err(|e| ApiError::field("query", e.to_string()))?;
    Ok(pairs.into_iter().filter(|(name, _)| name == "match[]").map(|(_, value)| value).collect())
}

fn query_of(uri: &http::Uri) -> &[u8] {
    uri.query().unwrap_or_default().as_bytes()
}

fn run_series(platform: &Platform, who: &Who, query: &[u8]) -> Answer {
    let found = platform.metrics().series(&who.0, &selectors(query)?)?;
    let all: Vec<_> = found.iter().map(|labels| labels.iter().collect::<std::collections::BTreeMap<_, _>>()).collect();
    success(all)
}

/// Label sets of series.
#[utoipa::path(get, path = "/api/v1/series", tag = "Query", params(MatchParams), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn series(State(platform): State<Platform>, who: Who, uri: http::Uri) -> Answer {
    run_series(&platform, &who, query_of(&uri))
}

/// Label sets of series, as a form.
#[utoipa::path(post, path = "/api/v1/series", tag = "Query", request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn series_form(State(platform): State<Platform>, who: Who, Raw(body): Raw) -> Answer {
    run_series(&platform, &who, &body)
}

/// Names of labels.
#[utoipa::path(get, path = "/api/v1/labels", tag = "Query", params(MatchParams), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn labels(State(platform): State<Platform>, who: Who, uri: http::Uri) -> Answer {
    success(platform.metrics().label_names(&who.0, &selectors(query_of(&uri))?)?)
}

/// Names of labels, as a form.
#[utoipa::path(post, path = "/api/v1/labels", tag = "Query", request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn labels_form(State(platform): State<Platform>, who: Who, Raw(body): Raw) -> Answer {
    success(platform.metrics().label_names(&who.0, &selectors(&body)?)?)
}

/// Values of one label.
#[utoipa::path(get, path = "/api/v1/label/{name}/values", tag = "Query", params(("name" = String, Path), MatchParams), responses((status = 200, body = Success), Refusals))]
pub(crate) async fn label_values(
    State(platform): State<Platform>,
    who: Who,
    Part(name): Part<String>,
    uri: http::Uri,
) -> Answer {
    success(platform.metrics().label_values(&who.0, &name, &selectors(query_of(&uri))?)?)
}

/// Metadata of metrics.
///
/// Grafana asks for it; types and help texts are not kept, so the answer is empty.
#[utoipa::path(get, path = "/api/v1/metadata", tag = "Query", responses((status = 200, body = Success), Refusals))]
pub(crate) async fn metadata(who: Who) -> Answer {
    who.0.require(domain::access::Permission::Observe)?;
    success(json!({}))
}

/// Which Prometheus this behaves like.
#[utoipa::path(get, path = "/api/v1/status/buildinfo", tag = "Query", responses((status = 200, body = Success), Refusals))]
pub(crate) async fn build_info(who: Who) -> Answer {
    who.0.require(domain::access::Permission::Observe)?;
    success(
        json!({ "version": "2.42.0", "application": "Bellwether", "applicationVersion": env!("CARGO_PKG_VERSION") }),
    )
}
