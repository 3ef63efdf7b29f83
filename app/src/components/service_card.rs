//! One service at a glance: status, reason, the figures that matter. The whole card is the link.

use domain::catalogue::ServiceHealth;

use super::{Health, Simulated, Sparkline};
use crate::format;
use crate::prelude::*;

/// A card that leads to the service.
#[component]
pub(crate) fn ServiceCard(health: ServiceHealth) -> impl IntoView {
    let reason = if health.reason.is_empty() { "Nothing unusual".to_owned() } else { health.reason };
    let href = format!("/services/{}", format::segment(&health.service));
    let name = health.service;
    view! {
        <article class=format!("card service-card edge-{}", health.status) data-service=name>
            <div class="card-line">
                <h3><a class="card-link" data-row href=href>{name.clone()}</a></h3>
                <Health status=health.status/>
            </div>
            <p class="service-reason">{reason}</p>
            <Sparkline values=health.sparkline class="spark-wide"/>
            <dl class="mini-facts">
                <div><dt>"Requests"</dt><dd>{format::maybe(health.request_rate, "/s")}</dd></div>
                <div><dt>"Errors"</dt><dd>{format::maybe(health.error_rate, "ratio")}</dd></div>
                <div><dt>"p99"</dt><dd>{format::maybe(health.latency_p99, "ms")}</dd></div>
                <div><dt>"CPU"</dt><dd>{format::maybe(health.cpu, "%")}</dd></div>
            </dl>
            <Simulated is_simulated=health.is_simulated/>
        </article>
    }
}
