//! The first look: is anything wrong, since when, why.

use domain::catalogue::HealthStatus;
use domain::overview::Overview;
use leptos::either::Either;

use crate::components::{
    AnomalyTable, Command, Empty, FigureCard, Loaded, PageHead, Rows, ServiceCard, TimeRangeLinks, use_range,
};
use crate::fetched::fetch;
use crate::prelude::*;
use crate::rpc::overview::OverviewCall;

/// The page.
#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let range = use_range();
    let fetched = fetch(move || OverviewCall { range: range.get() });
    view! {
        <PageHead title="Overview">
            <TimeRangeLinks/>
        </PageHead>
        <Loaded fetched topics=&["anomaly", "service", "target", "demo"] view=|data| view! { <Content data/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<Overview>) -> impl IntoView {
    let is_empty = Memo::new(move |_| data.with(|data| data.services.is_empty()));
    move || if is_empty.get() { Either::Left(first_step(data)) } else { Either::Right(board(data)) }
}

fn board(data: ReadSignal<Overview>) -> impl IntoView {
    let figures = move || data.with(|data| data.figures.clone());
    let services = move || data.with(|data| data.services.clone());
    let anomalies = move || data.with(|data| data.anomalies.clone());
    view! {
        <p class="verdict" aria-live="polite" data-testid="verdict">{move || data.with(verdict)}</p>
        <section aria-labelledby="traffic">
            <h2 id="traffic">"Traffic over all services"</h2>
            <div class="cards cards-small">
                <Rows items=figures row=|figure| view! { <FigureCard figure/> }/>
            </div>
        </section>
        <section aria-labelledby="services">
            <h2 id="services">"Services"</h2>
            <div class="cards">
                <Rows items=services row=|health| view! { <ServiceCard health/> }/>
            </div>
        </section>
        <section aria-labelledby="newest" data-testid="newest-anomalies">
            <div class="section-head">
                <h2 id="newest">"Newest anomalies"</h2>
                <a href="/anomalies">"All anomalies"</a>
            </div>
            {move || {
                if data.with(|data| data.anomalies.is_empty()) {
                    Either::Left(view! {
                        <Empty title="No anomalies yet">
                            <p>"A series is judged as its samples arrive, after it has shown for a while what is usual. What is unusual appears here by itself."</p>
                        </Empty>
                    })
                } else {
                    Either::Right(view! { <AnomalyTable anomalies caption="Newest anomalies"/> })
                }
            }}
        </section>
    }
}

/// One sentence: what needs a person.
fn verdict(data: &Overview) -> String {
    let names = |status: HealthStatus| {
        let names = data.services.iter().filter(|health| health.status == status).map(|health| health.service.as_str());
        names.collect::<Vec<_>>()
    };
    let (bad, worse) = (names(HealthStatus::Degraded), names(HealthStatus::Unhealthy));
    let open = match data.open_anomalies {
        0 => "no open anomalies".to_owned(),
        1 => "1 open anomaly".to_owned(),
        n => format!("{n} open anomalies"),
    };
    match (worse.as_slice(), bad.as_slice()) {
        ([], []) if names(HealthStatus::Healthy).is_empty() => {
            format!("Nothing has been heard of any service lately; {open}.")
        }
        ([], []) => format!("Nothing needs you: every service that is heard of is healthy; {open}."),
        ([], bad) => format!("{} {} degraded; {open}.", bad.join(", "), is_or_are(bad.len())),
        (worse, []) => format!("{} {} unhealthy; {open}.", worse.join(", "), is_or_are(worse.len())),
        (worse, bad) => {
            format!("{} {} unhealthy, {} degraded; {open}.", worse.join(", "), is_or_are(worse.len()), bad.join(", "))
        }
    }
}

const fn is_or_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn first_step(data: ReadSignal<Overview>) -> impl IntoView {
    let has_targets = data.with_untracked(|data| data.has_targets);
    let push = r#"curl -X POST http://127.0.0.1:3000/api/v1/ingest/samples \
  -H "X-API-Key: $BELLWETHER_KEY" -H "Content-Type: application/json" \
  -d '{"samples":[{"service":"my-service","metric":"cpu_usage","value":12.5}]}'"#;
    if has_targets {
        Either::Left(view! {
            <Empty title="Waiting for the first scrape">
                <p>"Targets are configured, but none has answered yet. " <a href="/settings/targets">"See how their last scrape went"</a> "."</p>
            </Empty>
        })
    } else {
        Either::Right(view! {
            <Empty title="Nothing is watched yet">
                <p>"Here you see at a glance how your services are. " <a href="/settings/targets">"Add a target"</a> " that exposes Prometheus metrics, or push a first sample:"</p>
                <Command text=push/>
            </Empty>
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::catalogue::ServiceHealth;

    use super::*;
    use domain::Time;

    fn overview(services: &[(&str, HealthStatus)], open_anomalies: u32) -> Overview {
        let services = services.iter().map(|(name, status)| ServiceHealth {
            service: (*name).to_owned(),
            status: *status,
            reason: String::new(),
            cpu: None,
            memory: None,
            request_rate: None,
            error_rate: None,
            latency_p50: None,
            latency_p95: None,
            latency_p99: None,
            open_anomalies: 0,
            is_simulated: false,
            last_seen_at: None,
            sparkline: vec![],
        });
        Overview {
            at: Time::UNIX_EPOCH,
            figures: vec![],
            services: services.collect(),
            anomalies: vec![],
            open_anomalies,
            has_targets: true,
            is_demo: false,
        }
    }

    #[test]
    fn the_verdict_names_what_needs_a_person() {
        use HealthStatus::{Degraded, Healthy, Unhealthy, Unknown};
        let cases = [
            (
                vec![("a", Healthy), ("b", Unknown)],
                0,
                "Nothing needs you: every service that is heard of is healthy; no open anomalies.",
            ),
            (vec![("a", Unknown)], 0, "Nothing has been heard of any service lately; no open anomalies."),
            (vec![("a", Degraded), ("b", Healthy)], 1, "a is degraded; 1 open anomaly."),
            (
                vec![("a", Unhealthy), ("b", Unhealthy), ("c", Degraded)],
                3,
                "a, b are unhealthy, c degraded; 3 open anomalies.",
            ),
        ];
        for (services, open, text) in cases {
            assert_eq!(verdict(&overview(&services, open)), text);
        }
    }
}
