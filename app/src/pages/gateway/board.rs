//! The gateway at a glance: what goes through it now, by provider and model.

use domain::gateway::{CallLatency, ModelTraffic, Traffic};

use super::figure::{cards, dollars};
use super::requests::FIRST_CALL;
use crate::components::{Command, Empty, Loaded, PageHead, Simulated, TimeRangeLinks, use_range};
use crate::fetched::fetch;
use crate::format;
use crate::prelude::*;
use crate::rpc::gateway::TrafficCall;

/// The page.
#[component]
pub(crate) fn GatewayPage() -> impl IntoView {
    let range = use_range();
    let fetched = fetch(move || TrafficCall { range: range.get() });
    view! {
        <PageHead title="Gateway" lead="What goes through the gateway: how much, how fast, at what cost.">
            <TimeRangeLinks/>
        </PageHead>
        <Loaded fetched topics=&["breaker", "budget", "chaos"] view=|data| content(&data.get_untracked())/>
    }
}

fn content(data: &Traffic) -> AnyView {
    if data.models.is_empty() {
        return view! {
            <Empty title="No calls in this range">
                <p>"Point an OpenAI or Anthropic SDK at this address with an API key that has the scope gateway. The route simulated needs no provider's key:"</p>
                <Command text=FIRST_CALL/>
            </Empty>
        };
    }
    let total = &data.total;
    let money = total.cost_usd.map_or_else(|| format::NONE.to_owned(), dollars);
    let figures = [
        (
            "Calls",
            format::with_unit(total.requests_per_second, "/s"),
            format!("{} in this range", format::count(total.requests)),
        ),
        (
            "Errors",
            format::maybe(total.error_rate, "ratio"),
            format!("{} failed or broke off", format::count(total.errors)),
        ),
        ("Latency p50", format::maybe(total.latency.p50_ms, "ms"), "of calls that succeeded".to_owned()),
        (
            "Latency p99",
            format::maybe(total.latency.p99_ms, "ms"),
            format!("p95 {}", format::maybe(total.latency.p95_ms, "ms")),
        ),
        (
            "Tokens",
            format::count(total.input_tokens + total.output_tokens),
            format!("{} out", format::count(total.output_tokens)),
        ),
        ("Cost", money, "of models with a known price".to_owned()),
    ];
    let rows = data.models.iter().map(row).collect_view();
    view! {
        {data.is_cut.then(|| view! { <p class="notice">"There were more calls than are looked at here: these are the newest 50,000."</p> })}
        <section aria-labelledby="all-calls">
            <h2 id="all-calls">"All calls"</h2>
            {cards(figures)}
        </section>
        <section aria-labelledby="by-model">
            <h2 id="by-model">"By provider and model"</h2>
            <div class="table-scroll" tabindex="0" role="group" aria-label="Traffic by provider and model">
                <table class="table">
                    <caption class="visually-hidden">"Traffic by provider and model, most calls first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Model"</th>
                            <th scope="col" class="number">"Calls"</th>
                            <th scope="col" class="number">"Rate"</th>
                            <th scope="col" class="number">"Errors"</th>
                            <th scope="col" class="number">"p50"</th>
                            <th scope="col" class="number">"p95"</th>
                            <th scope="col" class="number">"p99"</th>
                            <th scope="col" class="number">"First token p50"</th>
                            <th scope="col" class="number">"Tokens out"</th>
                            <th scope="col" class="number">"Cost"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(model: &ModelTraffic) -> AnyView {
    let CallLatency { p50_ms, p95_ms, p99_ms } = model.latency;
    let (name, href) = match (&model.provider, &model.model) {
        (Some(provider), Some(name)) => {
            let (p, m) = (format::segment(provider), format::segment(name));
            (format!("{provider}/{name}"), format!("/gateway/requests?provider={p}&model={m}"))
        }
        _ => ("answered by nobody".to_owned(), "/gateway/requests".to_owned()),
    };
    let is_simulated = model.simulated > 0;
    view! {
        <tr data-model=name>
            <th scope="row"><a data-row href=href>{name.clone()}</a> " " <Simulated is_simulated/></th>
            <td class="number">{format::count(model.requests)}</td>
            <td class="number">{format::with_unit(model.requests_per_second, "/s")}</td>
            <td class="number">{format::maybe(model.error_rate, "ratio")}</td>
            <td class="number">{format::maybe(p50_ms, "ms")}</td>
            <td class="number">{format::maybe(p95_ms, "ms")}</td>
            <td class="number">{format::maybe(p99_ms, "ms")}</td>
            <td class="number">{format::maybe(model.first_token.p50_ms, "ms")}</td>
            <td class="number">{format::maybe(model.output_tokens_per_second, "/s")}</td>
            <td class="number">{model.cost_usd.map_or_else(|| format::NONE.to_owned(), dollars)}</td>
        </tr>
    }
}
