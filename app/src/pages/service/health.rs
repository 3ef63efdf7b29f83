//! How a service is right now, and what stands around it.

use domain::overview::ServiceDetail;

use crate::components::{Health, Simulated};
use crate::format;
use crate::now::MaybeAgo;
use crate::prelude::*;

/// Status, reason and figures.
pub(super) fn facts(data: &ServiceDetail) -> impl IntoView + use<> {
    let health = data.health.clone();
    let reason = if health.reason.is_empty() { "Nothing unusual.".to_owned() } else { health.reason };
    let labels = data.service.labels.iter().map(|(name, value)| view! { <code>{format!("{name}={value}")}</code> " " });
    let labels = labels.collect_view();
    let figures = [
        ("Requests", format::maybe(health.request_rate, "/s")),
        ("Errors", format::maybe(health.error_rate, "ratio")),
        ("p50", format::maybe(health.latency_p50, "ms")),
        ("p95", format::maybe(health.latency_p95, "ms")),
        ("p99", format::maybe(health.latency_p99, "ms")),
        ("CPU", format::maybe(health.cpu, "%")),
        ("Memory", format::maybe(health.memory, "bytes")),
        ("Open anomalies", health.open_anomalies.to_string()),
    ];
    let figures = figures.map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> });
    view! {
        <section class=format!("card edge-{}", health.status) aria-label="Health" data-testid="health">
            <p class="card-line"><Health status=health.status/> <Simulated is_simulated=health.is_simulated/></p>
            <p class="reason">{reason}</p>
            <p class="muted">{data.service.description.clone()}</p>
            <dl class="facts">
                {figures.into_iter().collect_view()}
                <div><dt>"Heard of"</dt><dd><MaybeAgo at=health.last_seen_at/></dd></div>
            </dl>
            <p>{labels}</p>
        </section>
    }
}

/// Who calls it, and whom it calls.
pub(super) fn neighbours(data: &ServiceDetail) -> impl IntoView + use<> {
    view! {
        <section class="card" aria-labelledby="dependencies">
            <h2 id="dependencies">"Dependencies"</h2>
            <dl class="facts">
                <div><dt>"Calls"</dt><dd>{names(&data.service.dependencies)}</dd></div>
                <div><dt>"Called by"</dt><dd>{names(&data.callers)}</dd></div>
            </dl>
        </section>
    }
}

fn names(names: &[String]) -> impl IntoView + use<> {
    let links = names
        .iter()
        .map(|name| view! { <a href=format!("/services/{}", format::segment(name))>{name.clone()}</a> " " });
    let links = links.collect_view();
    let is_empty = names.is_empty();
    view! {
        {links}
        {is_empty.then(|| view! { <span class="muted">"nothing that is known"</span> })}
    }
}
