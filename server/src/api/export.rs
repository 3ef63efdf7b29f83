//! The history of calls as a file.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::gateway::{RequestFilter, RequestSummary};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Params, Who};

const COLUMNS: [&str; 20] = [
    "id",
    "timestamp",
    "service",
    "team",
    "key",
    "door",
    "requested_model",
    "route",
    "provider",
    "model",
    "is_stream",
    "status",
    "outcome",
    "error_code",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "latency_ms",
    "attempts",
    "is_simulated",
];

/// Calls as CSV, newest first: 10,000 where no `limit` is given.
#[utoipa::path(get, path = "/api/v1/requests/export.csv", tag = "Gateway", params(RequestFilter), responses((status = 200, body = String, content_type = "text/csv"), Refusals))]
pub(crate) async fn csv(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(filter): Params<RequestFilter>,
) -> Answer<impl IntoResponse> {
    let calls = platform.gateway().export(&actor, filter).await?;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"requests.csv\"")];
    Ok((headers, written(&calls)))
}

/// Calls as JSON, newest first: 10,000 where no `limit` is given.
#[utoipa::path(get, path = "/api/v1/requests/export.json", tag = "Gateway", params(RequestFilter), responses((status = 200, body = Vec<RequestSummary>), Refusals))]
pub(crate) async fn json(
    State(platform): State<Platform>,
    Who(actor): Who,
    Params(filter): Params<RequestFilter>,
) -> Answer<impl IntoResponse> {
    let calls = platform.gateway().export(&actor, filter).await?;
    Ok(([(CONTENT_DISPOSITION, "attachment; filename=\"requests.json\"")], Json(calls)))
}

/// After RFC 4180.
fn written(calls: &[RequestSummary]) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for call in calls {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            call.id.to_string(),
            call.timestamp.to_rfc3339(),
            call.service.clone(),
            text(&call.team),
            text(&call.key),
            call.door.clone(),
            call.requested_model.clone(),
            text(&call.route),
            text(&call.provider),
            text(&call.model),
            call.is_stream.to_string(),
            call.status.to_string(),
            call.outcome.to_string(),
            text(&call.error_code),
            call.tokens.input.to_string(),
            call.tokens.output.to_string(),
            call.cost_usd.map(|cost| cost.to_string()).unwrap_or_default(),
            call.latency_ms.to_string(),
            call.attempts.to_string(),
            call.is_simulated.to_string(),
        ];
        out.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell. One that a spreadsheet would take for a formula is marked as text: callers choose names.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (cell, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1+1", "'=1+1"),
            ("-0.5", "-0.5"),
            ("@cmd,x", "\"'@cmd,x\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
