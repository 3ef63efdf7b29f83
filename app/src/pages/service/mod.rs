//! One service: how it is, its charts and anomalies, what it depends on and what is promised of it.

mod edit;
mod health;
mod objectives;

use domain::access::Permission;
use domain::overview::{Chart, ServiceDetail};
use leptos::either::Either;
use leptos_router::hooks::use_params_map;

use crate::call::Call;
use crate::components::{AnomalyTable, Empty, LineChart, Loaded, PageHead, Rows, TimeRangeLinks, Zoomable, use_range};
use crate::fetched::fetch;
use crate::prelude::*;
use crate::rpc::catalogue::{DeleteService, DescribeService, SetObjectives};
use crate::rpc::overview::ServiceDetailCall;
use crate::session::may;

/// The calls of this page.
#[derive(Clone, Copy)]
struct Calls {
    describe: Call,
    objectives: Call,
    delete: Call,
}

/// The page.
#[component]
pub(crate) fn ServicePage() -> impl IntoView {
    let params = use_params_map();
    let range = use_range();
    let name = Memo::new(move |_| params.read().get("name").unwrap_or_default());
    let fetched = fetch(move || ServiceDetailCall { name: name.get(), range: range.get() });
    let calls = Calls {
        describe: Call::to::<DescribeService>(),
        objectives: Call::to::<SetObjectives>(),
        delete: Call::to::<DeleteService>(),
    };
    view! {
        <p class="crumbs"><a href="/services">"Services"</a></p>
        <PageHead title=move || name.get()>
            <TimeRangeLinks/>
        </PageHead>
        <Loaded fetched topics=&["anomaly", "service", "target"] view=move |data| view! { <Content data calls/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<ServiceDetail>, calls: Calls) -> impl IntoView {
    let charts = move || data.with(|data| data.charts.iter().map(|chart| chart.metric.clone()).collect::<Vec<_>>());
    let has_charts = Memo::new(move |_| data.with(|data| !data.charts.is_empty()));
    let anomalies = move || data.with(|data| data.anomalies.clone());
    let has_anomalies = Memo::new(move |_| data.with(|data| !data.anomalies.is_empty()));
    provide_context(data);
    view! {
        {move || data.with(health::facts)}
        <section aria-labelledby="signals">
            <h2 id="signals">"Signals"</h2>
            <Zoomable>
                <div class="charts">
                    <Rows items=charts row=chart/>
                </div>
                {move || {
                    (!has_charts.get())
                        .then(|| view! { <Empty title="No samples in this range"><p>"Choose a longer range, or see on the Targets page whether it is scraped."</p></Empty> })
                }}
            </Zoomable>
        </section>
        <section aria-labelledby="anomalies">
            <h2 id="anomalies">"Anomalies"</h2>
            {move || {
                if has_anomalies.get() {
                    Either::Left(view! { <AnomalyTable anomalies caption="Anomalies of this service"/> })
                } else {
                    Either::Right(view! { <p class="muted">"None in this range."</p> })
                }
            }}
        </section>
        {move || data.with(health::neighbours)}
        {may(Permission::Operate)
            .then(|| {
                view! {
                    <objectives::Objectives data action=calls.objectives/>
                    <edit::Edit data action=calls.describe delete=calls.delete/>
                }
            })}
    }
}

/// The chart of one metric, following the page's data: the chart itself is never made again.
fn chart(metric: String) -> impl IntoView {
    let data = expect_context::<ReadSignal<ServiceDetail>>();
    let nothing = Chart {
        title: String::new(),
        metric: metric.clone(),
        unit: String::new(),
        lines: Vec::new(),
        threshold: None,
        expected: None,
        marks: Vec::new(),
    };
    let chart = Memo::new(move |last: Option<&Chart>| {
        let found = data.with(|data| data.charts.iter().find(|chart| chart.metric == metric).cloned());
        found.or_else(|| last.cloned()).unwrap_or_else(|| nothing.clone())
    });
    view! { <LineChart chart/> }
}
