//! Liveness, readiness and Bellwether's own metrics: open to all.
//!
//! Always true: liveness says yes as long as the process answers; readiness says no while a dependency is away; own
//! metrics ask no database.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::system::ReadinessLine;
use http::header::{ACCEPT, CONTENT_TYPE, VARY};
use http::{HeaderMap, StatusCode};
use metrics::Labels;
use metrics::exposition::{Format, MetricType, Writer};
use platform::actor::Actor;
use platform::system::resident_bytes;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Answer;
use crate::extract::Who;
use crate::state::AppState;

/// The answer of readiness.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    is_ready: bool,
    dependencies: Vec<ReadinessLine>,
}

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(own_metrics))
}

/// Liveness.
#[utoipa::path(get, path = "/healthz", tag = "Process", responses((status = 200, body = String)), security(()))]
async fn healthz() -> &'static str {
    "ok\n"
}

/// Readiness, one line a dependency.
#[utoipa::path(get, path = "/readyz", tag = "Process", responses((status = 200, body = Readiness), (status = 503, body = Readiness)), security(()))]
async fn readyz(State(state): State<AppState>) -> Response {
    let dependencies = state.platform.system().readiness().await;
    let is_ready = dependencies.iter().all(|line| line.is_ok);
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { is_ready, dependencies })).into_response()
}

/// Bellwether's own metrics, in Prometheus text or, for who accepts it, `OpenMetrics`.
#[utoipa::path(get, path = "/metrics", tag = "Process", responses((status = 200, content((String = "text/plain"), (String = "application/openmetrics-text"))), crate::api::Refusals), security(()))]
async fn own_metrics(State(state): State<AppState>, Who(actor): Who, headers: HeaderMap) -> Answer<Response> {
    if state.config.metrics_need_key {
        actor.require(Permission::Observe)?;
    }
    let store = state.platform.system().metric_store(&Actor::System)?;
    let stream = state.platform.stream().status(&Actor::System)?;
    let tasks = state.platform.system().tasks(&Actor::System)?;
    let plain = |name: &str| Labels::from_pairs([("__name__", name)]).unwrap_or_else(|_| Labels::empty());
    let format = Format::from_accept(headers.get(ACCEPT).and_then(|value| value.to_str().ok()));
    let mut writer = Writer::new(format);
    let counters = [
        ("bellwether_samples_accepted_total", "Samples stored since the start.", store.samples_accepted),
        ("bellwether_samples_duplicate_total", "Samples that were there already.", store.samples_duplicate),
        ("bellwether_samples_late_total", "Samples older than what is sealed.", store.samples_late),
        ("bellwether_samples_refused_total", "Samples refused because of a limit.", store.samples_over_limit),
        ("bellwether_stream_dropped_total", "Stream clients dropped for being too slow.", stream.dropped_slow),
    ];
    for (name, help, value) in counters {
        writer.family(name, MetricType::Counter, help).sample(&plain(name), value as f64, None);
    }
    let gauges = [
        ("bellwether_series", "Series in memory.", store.series),
        ("bellwether_pending_batches", "Batches that are durable but not yet in a chunk.", store.pending_batches),
        ("bellwether_stream_connections", "Open stream connections.", u64::from(stream.active_connections)),
        ("process_resident_memory_bytes", "Resident memory.", resident_bytes().unwrap_or_default()),
    ];
    for (name, help, value) in gauges {
        writer.family(name, MetricType::Gauge, help).sample(&plain(name), value as f64, None);
    }
    writer.family("bellwether_task_runs_total", MetricType::Counter, "Activations of background tasks.");
    for task in &tasks {
        if let Ok(labels) = Labels::from_pairs([("__name__", "bellwether_task_runs_total"), ("task", &task.name)]) {
            writer.sample(&labels, task.runs as f64, None);
        }
    }
    let ai = [
        ("ai_requests_total", MetricType::Counter, "Calls to models."),
        ("ai_response_time_ms", MetricType::Histogram, "Duration of calls to models, in milliseconds."),
        ("ai_tokens_total", MetricType::Counter, "Tokens of answered calls."),
        ("ai_cost_dollars_total", MetricType::Counter, "What answered calls cost, where the price is known."),
        (
            "ai_prompt_injection_attempts_total",
            MetricType::Counter,
            "Calls whose prompt reads like an attack, by severity.",
        ),
        (
            "ai_hallucination_flags_total",
            MetricType::Counter,
            "Calls whose answer claims what it may not know, by risk.",
        ),
        ("ai_security_incidents_total", MetricType::Counter, "Calls in which safety found something, by type."),
    ];
    let traffic = state.platform.gateway().traffic(&Actor::System)?;
    for (name, kind, help) in ai {
        writer.family(name, kind, help);
        for (labels, value) in
            traffic.iter().filter(|(labels, _)| labels.metric_name().is_some_and(|own| own.starts_with(name)))
        {
            writer.sample(labels, *value, None);
        }
    }
    Ok(([(CONTENT_TYPE, format.content_type()), (VARY, "Accept")], writer.finish()).into_response())
}
