//! Status as colour, shape and word together.
//!
//! Always true: without colour the shape and the word still tell.

use domain::anomaly::{AnomalyStatus, Severity};
use domain::catalogue::HealthStatus;

use crate::prelude::*;

const fn shape(status: HealthStatus) -> &'static str {
    match status {
        HealthStatus::Unknown => "○",
        HealthStatus::Healthy => "●",
        HealthStatus::Degraded => "◐",
        HealthStatus::Unhealthy => "▲",
    }
}

/// How a service is.
#[component]
pub(crate) fn Health(status: HealthStatus) -> impl IntoView {
    mark(status.as_str(), shape(status), status.as_str())
}

/// How bad an anomaly is.
#[component]
pub(crate) fn SeverityMark(severity: Severity) -> impl IntoView {
    let (class, shape) = match severity {
        Severity::Info => ("info", "○"),
        Severity::Warning => ("degraded", "◐"),
        Severity::Error => ("unhealthy", "▲"),
        Severity::Critical => ("critical", "▲"),
    };
    mark(class, shape, severity.as_str())
}

/// Where an anomaly is in its life.
#[component]
pub(crate) fn StateMark(status: AnomalyStatus) -> impl IntoView {
    match status {
        AnomalyStatus::Open => mark("open", "▸", "open"),
        AnomalyStatus::Resolved => mark("healthy", "✓", "resolved"),
    }
}

fn mark(class: &'static str, shape: &'static str, word: &'static str) -> impl IntoView {
    view! {
        <span class=format!("mark mark-{class}")>
            <span class="mark-shape" aria-hidden="true">{shape}</span>
            {word}
        </span>
    }
}

/// Says that something is made up by the demo fleet; nothing when it is real.
#[component]
pub(crate) fn Simulated(is_simulated: bool) -> impl IntoView {
    is_simulated.then(|| view! { <span class="tag tag-simulated" title="Made by the demo fleet">"simulated"</span> })
}
