//! All services as a table: sorted and filtered by the address.

use std::cmp::Ordering;

use domain::access::Permission;
use domain::catalogue::{HealthStatus, Service, ServiceHealth};
use leptos::either::Either;
use leptos_router::hooks::use_query_map;

use crate::call::Call;
use crate::components::{
    CallForm, Command, Empty, Field, FormFailure, Health, Items, Loaded, PageHead, Rows, Simulated, SortHead,
    Sparkline, Submit,
};
use crate::fetched::fetch;
use crate::format;
use crate::now::MaybeAgo;
use crate::prelude::*;
use crate::rpc::catalogue::{CreateService, ServiceList, Services};
use crate::session::may;
use crate::sort::Sort;

const DEFAULT_SORT: &str = "-status";

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    service: Service,
    health: Option<ServiceHealth>,
    team: Option<String>,
}

impl Row {
    fn status(&self) -> HealthStatus {
        self.health.as_ref().map_or(HealthStatus::Unknown, |health| health.status)
    }

    fn figure(&self, pick: fn(&ServiceHealth) -> Option<f64>) -> Option<f64> {
        self.health.as_ref().and_then(pick)
    }
}

/// The page.
#[component]
pub(crate) fn ServicesPage() -> impl IntoView {
    let fetched = fetch(|| Services {});
    let create = Call::to::<CreateService>();
    view! {
        <PageHead title="Services" lead="Everything that is watched, as its labels named it."/>
        <Filters/>
        <Loaded fetched topics=&["anomaly", "service", "target"] view=|data| view! { <Content data/> }/>
        {may(Permission::Operate).then(|| view! { <NewService create/> })}
    }
}

#[component]
fn Filters() -> impl IntoView {
    let query = use_query_map();
    let wanted = move || query.read().get("q").unwrap_or_default();
    let sort = move || query.read().get("sort").unwrap_or_default();
    view! {
        <search>
            <form method="get" action="/services" class="filters">
                <label>"Name, team or label " <input name="q" value=wanted autocomplete="off"/></label>
                <input type="hidden" name="sort" value=sort/>
                <button type="submit">"Filter"</button>
                <a class="button quiet" href="/services">"Clear"</a>
            </form>
        </search>
    }
}

#[component]
fn Content(data: ReadSignal<ServiceList>) -> impl IntoView {
    let query = use_query_map();
    let rows = move || {
        let query = query.read();
        let sort = Sort::read(query.get_str("sort"), DEFAULT_SORT);
        data.with(|data| table(data, query.get_str("q").unwrap_or_default(), &sort))
    };
    let is_empty = Memo::new(move |_| rows().is_empty());
    let has_services = move || data.with(|data| !data.services.is_empty());
    move || {
        if is_empty.get() { Either::Left(nothing(has_services())) } else { Either::Right(view! { <Table rows/> }) }
    }
}

fn nothing(is_filtered: bool) -> impl IntoView {
    if is_filtered {
        Either::Left(
            view! { <Empty title="No service fits this filter"><p><a href="/services">"Show all services"</a></p></Empty> },
        )
    } else {
        Either::Right(view! {
            <Empty title="No services yet">
                <p>"A service appears by itself with its first sample. " <a href="/settings/targets">"Add a target"</a> ", or point Prometheus here:"</p>
                <Command text="remote_write:\n  - url: http://127.0.0.1:3000/api/v1/write\n    authorization:\n      credentials: rp_…"/>
            </Empty>
        })
    }
}

#[component]
fn Table(#[prop(into)] rows: Items<Row>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Services">
            <table class="table">
                <caption class="visually-hidden">"Services and how they are"</caption>
                <thead>
                    <tr>
                        <SortHead column="status" label="Status" default=DEFAULT_SORT/>
                        <SortHead column="name" label="Service" default=DEFAULT_SORT/>
                        <SortHead column="team" label="Team" default=DEFAULT_SORT/>
                        <SortHead column="rate" label="Requests" default=DEFAULT_SORT is_number=true/>
                        <SortHead column="errors" label="Errors" default=DEFAULT_SORT is_number=true/>
                        <SortHead column="p99" label="p99" default=DEFAULT_SORT is_number=true/>
                        <SortHead column="cpu" label="CPU" default=DEFAULT_SORT is_number=true/>
                        <SortHead column="memory" label="Memory" default=DEFAULT_SORT is_number=true/>
                        <th scope="col">"Recent"</th>
                        <th scope="col">"Heard of"</th>
                    </tr>
                </thead>
                <tbody>
                    <Rows items=rows row=line/>
                </tbody>
            </table>
        </div>
    }
}

fn line(row: Row) -> impl IntoView {
    let status = row.status();
    let figure = |pick: fn(&ServiceHealth) -> Option<f64>, unit: &str| format::maybe(row.figure(pick), unit);
    let cells = [
        figure(|health| health.request_rate, "/s"),
        figure(|health| health.error_rate, "ratio"),
        figure(|health| health.latency_p99, "ms"),
        figure(|health| health.cpu, "%"),
        figure(|health| health.memory, "bytes"),
    ];
    let cells = cells.map(|text| view! { <td class="number">{text}</td> });
    let reason = row.health.as_ref().map(|health| health.reason.clone()).filter(|reason| !reason.is_empty());
    let sparkline = row.health.map(|health| health.sparkline).unwrap_or_default();
    view! {
        <tr data-service=row.service.name.clone()>
            <td><Health status/></td>
            <th scope="row">
                <a data-row href=format!("/services/{}", format::segment(&row.service.name))>{row.service.name.clone()}</a>
                " "
                <Simulated is_simulated=row.service.is_simulated/>
                {reason.map(|reason| view! { <p class="muted small">{reason}</p> })}
            </th>
            <td>{row.team}</td>
            {cells.into_iter().collect_view()}
            <td><Sparkline values=sparkline/></td>
            <td><MaybeAgo at=row.service.last_seen_at/></td>
        </tr>
    }
}

/// The rows that fit the filter, in order.
fn table(data: &ServiceList, wanted: &str, sort: &Sort) -> Vec<Row> {
    let wanted = wanted.trim().to_lowercase();
    let mut rows: Vec<Row> = data
        .services
        .iter()
        .map(|service| Row {
            service: service.clone(),
            health: data.health.iter().find(|health| health.service == service.name).cloned(),
            team: data.teams.iter().find(|team| Some(team.id) == service.team_id).map(|team| team.name.clone()),
        })
        .filter(|row| fits(row, &wanted))
        .collect();
    rows.sort_by(|a, b| order(a, b, sort).then_with(|| a.service.name.cmp(&b.service.name)));
    rows
}

fn fits(row: &Row, wanted: &str) -> bool {
    let labels = row.service.labels.iter().map(|(name, value)| format!("{name}={value}"));
    let mut texts = labels.chain([row.service.name.clone()]).chain(row.team.clone());
    wanted.is_empty() || texts.any(|text| text.to_lowercase().contains(wanted))
}

fn order(a: &Row, b: &Row, sort: &Sort) -> Ordering {
    let by = |pick: fn(&ServiceHealth) -> Option<f64>| sort.values(a.figure(pick), b.figure(pick));
    match sort.column.as_str() {
        "name" => sort.turn(a.service.name.cmp(&b.service.name)),
        "team" => sort.turn(a.team.cmp(&b.team)),
        "rate" => by(|health| health.request_rate),
        "errors" => by(|health| health.error_rate),
        "p99" => by(|health| health.latency_p99),
        "cpu" => by(|health| health.cpu),
        "memory" => by(|health| health.memory),
        _ => sort.turn(a.status().cmp(&b.status())),
    }
}

#[component]
fn NewService(create: Call) -> impl IntoView {
    let refusal = create.refusal();
    view! {
        <details class="fold">
            <summary>"Add a service before it is heard of"</summary>
            <FormFailure refusal/>
            <CallForm action=create class="form">
                <Field name="name" label="Name" help="As it will stand in the label service." is_required=true refusal/>
                <Field name="description" label="Description" refusal/>
                <Submit label="Add service"/>
            </CallForm>
        </details>
    }
}
