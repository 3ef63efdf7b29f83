//! The table's rows of the REST door, the process's own routes and the stream.

use super::table::Need::{self, Gateway, Govern, Ingest, Key, Nothing, Observe, Operate, Person};
use super::table::Sample::{self, Form, Json, None, Query, RemoteWrite};
use super::table::{Door, Row};

const fn row(method: &'static str, path: &'static str, sample: Sample, need: Need, status: u16) -> Row {
    Row { door: Door::Rest, method, path, sample, need, status }
}

const QUERY: Sample = Form("query=up");
const RANGE: Sample = Form("query=up&start=1700000000&end=1700000060&step=15");
const TARGET: Sample = Json(r#"{"service": "a", "url": "http://127.0.0.1:9/metrics"}"#);

const ROUTE: Sample = Json(r#"{"name": "a", "targets": [{"provider": "simulation", "model": "simulated-chat"}]}"#);
const PRICE: Sample = Json(r#"{"provider": "a", "model": "b", "input_usd": -1, "output_usd": 1}"#);
/// Of a model that nobody has.
const CHAT: Sample = Json(r#"{"model": "nothing", "messages": [{"role": "user", "content": "hello"}]}"#);

const fn model(method: &'static str, path: &'static str, sample: Sample, status: u16) -> Row {
    Row { door: Door::Model, method, path, sample, need: Gateway, status }
}

/// In the order of `server/src/api/mod.rs`.
pub(super) const ROWS: &[Row] = &[
    row("POST", "/api/v1/auth/login", Json(r#"{"email": 1, "password": ""}"#), Nothing, 422),
    row("POST", "/api/v1/auth/logout", None, Person, 204),
    row("POST", "/api/v1/auth/logout-everywhere", None, Person, 204),
    row("POST", "/api/v1/auth/refresh", None, Person, 200),
    row("GET", "/api/v1/auth/me", None, Person, 200),
    row("POST", "/api/v1/auth/password", Json(r#"{"current_password": "x", "new_password": "short"}"#), Person, 422),
    row("POST", "/api/v1/auth/reset", Json(r#"{"token": "x", "new_password": "short"}"#), Nothing, 422),
    row("POST", "/api/v1/auth/setup", Json(r#"{"email": "a@b", "password": "short"}"#), Nothing, 422),
    row("POST", "/api/v1/validate", None, Key, 200),
    row("GET", "/api/v1/keys", None, Govern, 200),
    row("POST", "/api/v1/keys", Json(r#"{"name": "", "scopes": ["read"]}"#), Govern, 422),
    row("DELETE", "/api/v1/keys/{id}", None, Govern, 404),
    row("POST", "/api/v1/keys/{id}/rotate", None, Govern, 404),
    row("POST", "/api/v1/keys/{id}/revoke", None, Govern, 404),
    row("GET", "/api/v1/users", None, Govern, 200),
    row("POST", "/api/v1/users", Json(r#"{"email": "nobody", "role": "viewer"}"#), Govern, 422),
    row("GET", "/api/v1/users/{id}", None, Govern, 404),
    row("PUT", "/api/v1/users/{id}", Json("{}"), Govern, 404),
    row("DELETE", "/api/v1/users/{id}", None, Govern, 404),
    row("POST", "/api/v1/users/{id}/reset-link", None, Govern, 404),
    row("GET", "/api/v1/teams", None, Observe, 200),
    row("POST", "/api/v1/teams", Json(r#"{"name": ""}"#), Govern, 422),
    row("GET", "/api/v1/teams/{id}", None, Observe, 404),
    row("PUT", "/api/v1/teams/{id}", Json(r#"{"name": "a"}"#), Govern, 404),
    row("DELETE", "/api/v1/teams/{id}", None, Govern, 404),
    row("GET", "/api/v1/audit", None, Govern, 200),
    row("GET", "/api/v1/services", None, Observe, 200),
    row("POST", "/api/v1/services", Json(r#"{"name": ""}"#), Operate, 422),
    row("GET", "/api/v1/services/{id}", None, Observe, 404),
    row("PUT", "/api/v1/services/{id}", Json("{}"), Operate, 404),
    row("DELETE", "/api/v1/services/{id}", None, Operate, 404),
    row("GET", "/api/v1/health", None, Observe, 200),
    row("GET", "/api/v1/overview", None, Observe, 200),
    row("GET", "/api/v1/services/{id}/detail", None, Observe, 404),
    row("GET", "/api/v1/metrics/summary", None, Observe, 200),
    row("GET", "/api/v1/metrics/ai", Query("?range=24h"), Observe, 200),
    row("GET", "/api/v1/targets", None, Observe, 200),
    row("POST", "/api/v1/targets", Json(r#"{"service": "", "url": ""}"#), Govern, 422),
    row("GET", "/api/v1/targets/{id}", None, Observe, 404),
    row("PUT", "/api/v1/targets/{id}", TARGET, Govern, 404),
    row("DELETE", "/api/v1/targets/{id}", None, Govern, 404),
    row("POST", "/api/v1/ingest/samples", Json(r#"{"samples": []}"#), Ingest, 200),
    row("POST", "/api/v1/write", RemoteWrite, Ingest, 204),
    row("GET", "/api/v1/query", Query("?query=up"), Observe, 200),
    row("POST", "/api/v1/query", QUERY, Observe, 200),
    row("GET", "/api/v1/query_range", Query("?query=up&start=0&end=60&step=15"), Observe, 200),
    row("POST", "/api/v1/query_range", RANGE, Observe, 200),
    row("GET", "/api/v1/series", Query("?match[]=up"), Observe, 200),
    row("POST", "/api/v1/series", Form("match[]=up"), Observe, 200),
    row("GET", "/api/v1/labels", None, Observe, 200),
    row("POST", "/api/v1/labels", Form(""), Observe, 200),
    row("GET", "/api/v1/label/{name}/values", None, Observe, 200),
    row("GET", "/api/v1/metadata", None, Observe, 200),
    row("GET", "/api/v1/status/buildinfo", None, Observe, 200),
    row("GET", "/api/v1/anomalies", None, Observe, 200),
    row("GET", "/api/v1/anomalies/{id}", None, Observe, 404),
    row("POST", "/api/v1/anomalies/{id}/feedback", Json(r#"{"verdict": "noise"}"#), Operate, 404),
    row("GET", "/api/v1/system/tasks", None, Govern, 200),
    row("GET", "/api/v1/system/database", None, Govern, 200),
    row("GET", "/api/v1/system/config", None, Govern, 200),
    row("GET", "/api/v1/system/status", None, Govern, 200),
    row("POST", "/api/v1/system/retention/run", None, Govern, 200),
    row("GET", "/api/v1/stream/status", None, Observe, 200),
    row("GET", "/api/v1/providers", None, Observe, 200),
    row("POST", "/api/v1/providers", Json(r#"{"name": "", "kind": "simulation"}"#), Govern, 422),
    row("GET", "/api/v1/providers/{id}", None, Observe, 404),
    row("PUT", "/api/v1/providers/{id}", Json(r#"{"name": "a", "kind": "simulation"}"#), Govern, 404),
    row("DELETE", "/api/v1/providers/{id}", None, Govern, 404),
    row("GET", "/api/v1/routes", None, Observe, 200),
    row("POST", "/api/v1/routes", Json(r#"{"name": "", "targets": []}"#), Govern, 422),
    row("GET", "/api/v1/routes/{id}", None, Observe, 404),
    row("PUT", "/api/v1/routes/{id}", ROUTE, Govern, 404),
    row("DELETE", "/api/v1/routes/{id}", None, Govern, 404),
    row("GET", "/api/v1/requests", None, Observe, 200),
    row("GET", "/api/v1/requests/{id}", None, Observe, 404),
    row("POST", "/api/v1/ai", Json(r#"{"service": "", "prompt": "a"}"#), Gateway, 422),
    row("GET", "/api/v1/breakers", None, Observe, 200),
    row("POST", "/api/v1/breakers/reset", None, Operate, 200),
    row("POST", "/api/v1/breakers/{id}/reset", None, Operate, 404),
    row("POST", "/api/v1/breakers/{id}/open", Json("{}"), Operate, 404),
    row("POST", "/api/v1/chaos/inject", Json(r#"{"service": "*", "type": "failure", "duration": 0}"#), Operate, 422),
    row("POST", "/api/v1/chaos/stop", Json(r#"{"id": "exp_0190a0a0a0a07000800000000000000f"}"#), Operate, 404),
    row("GET", "/api/v1/chaos/experiments", None, Observe, 200),
    row("GET", "/api/v1/chaos/experiments/{id}", None, Observe, 404),
    row("GET", "/api/v1/budgets", None, Observe, 200),
    row("POST", "/api/v1/budgets", Json(r#"{"name": "a", "limit_usd": 0, "window": "day"}"#), Govern, 422),
    row("GET", "/api/v1/budgets/{id}", None, Observe, 404),
    row("PUT", "/api/v1/budgets/{id}", Json(r#"{"name": "a", "limit_usd": 1, "window": "day"}"#), Govern, 404),
    row("DELETE", "/api/v1/budgets/{id}", None, Govern, 404),
    row("GET", "/api/v1/rate-limits", None, Observe, 200),
    row("POST", "/api/v1/rate-limits", Json(r#"{"name": "a"}"#), Govern, 422),
    row("GET", "/api/v1/rate-limits/{id}", None, Observe, 404),
    row("PUT", "/api/v1/rate-limits/{id}", Json(r#"{"name": "a", "requests_per_minute": 1}"#), Govern, 404),
    row("DELETE", "/api/v1/rate-limits/{id}", None, Govern, 404),
    row("GET", "/api/v1/costs", None, Observe, 200),
    row("GET", "/api/v1/prices", None, Observe, 200),
    row("PUT", "/api/v1/prices", PRICE, Govern, 422),
    row("POST", "/api/v1/prices", PRICE, Govern, 422),
    row("DELETE", "/api/v1/prices", Query("?provider=a&model=b"), Govern, 404),
    row("GET", "/api/v1/demo", None, Observe, 200),
    row("POST", "/api/v1/demo/inject", Json(r#"{"service": "orders", "fault": "latency"}"#), Operate, 409),
    row("POST", "/api/v1/demo/clear", Json(r#"{"service": "orders"}"#), Operate, 409),
    row("GET", "/healthz", None, Nothing, 200),
    row("GET", "/readyz", None, Nothing, 200),
    row("GET", "/metrics", None, Nothing, 200),
    // Without an upgrade they say what they are.
    row("GET", "/stream/anomalies", None, Observe, 400),
    row("GET", "/stream/events", None, Observe, 400),
    // Not in the OpenAPI document.
    row("GET", "/api/v1/openapi.json", None, Nothing, 200),
    row("GET", "/api/docs", None, Nothing, 200),
    // For programs that call models.
    model("POST", "/v1/chat/completions", CHAT, 404),
    model("POST", "/v1/completions", Json(r#"{"model": "nothing", "prompt": "hello"}"#), 404),
    model("POST", "/v1/embeddings", Json(r#"{"model": "nothing", "input": "hello"}"#), 404),
    model("POST", "/v1/responses", Json(r#"{"model": "nothing", "input": "hello"}"#), 404),
    model("POST", "/v1/messages", CHAT, 404),
    model("GET", "/v1/models", None, 200),
    model("GET", "/v1/models/{*name}", None, 404),
    // What the process does not have.
    row("GET", "/api/v1/nothing", None, Nothing, 404),
    row("PATCH", "/api/v1/services", None, Nothing, 405),
];
