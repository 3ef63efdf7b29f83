//! All anomalies, with filters in the address.

use domain::Time;
use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyList, AnomalyStatus, Severity};
use leptos::either::Either;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::components::{AnomalyTable, Empty, Loaded, PageHead};
use crate::fetched::fetch;
use crate::prelude::*;
use crate::rpc::anomaly::Anomalies;

/// The page.
#[component]
pub(crate) fn AnomaliesPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(read));
    let fetched = fetch(move || Anomalies { filter: filter.get() });
    view! {
        <PageHead title="Anomalies" lead="What behaves unusually, judged as samples arrive. A score of 1 is the alarm threshold."/>
        <Filters filter/>
        <Loaded fetched topics=&["anomaly"] view=move |data| view! { <Content data filter query/> }/>
    }
}

/// A word that is none of the known ones is no filter.
fn read(query: &ParamsMap) -> AnomalyFilter {
    let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
    AnomalyFilter {
        service: text("service"),
        severity: text("severity").and_then(|word| word.parse().ok()),
        status: text("status").and_then(|word| word.parse().ok()),
        limit: None,
        cursor: text("cursor"),
    }
}

#[component]
fn Filters(filter: Memo<AnomalyFilter>) -> impl IntoView {
    let severities = Severity::ALL.iter().map(move |&value| {
        view! { <option value=value.as_str() selected=move || filter.with(|filter| filter.severity == Some(value))>{value.as_str()}</option> }
    });
    let statuses = AnomalyStatus::ALL.iter().map(move |&value| {
        view! { <option value=value.as_str() selected=move || filter.with(|filter| filter.status == Some(value))>{value.as_str()}</option> }
    });
    view! {
        <search>
            <Form method="get" action="/anomalies" attr:class="filters">
                <label>
                    "Service"
                    <input name="service" value=move || filter.with(|filter| filter.service.clone()) autocomplete="off"/>
                </label>
                <label>"Severity" <select name="severity"><option value="">"any"</option>{severities.collect_view()}</select></label>
                <label>"State" <select name="status"><option value="">"any"</option>{statuses.collect_view()}</select></label>
                <button type="submit">"Filter"</button>
                <a class="button quiet" href="/anomalies">"Clear"</a>
            </Form>
        </search>
    }
}

#[component]
fn Content(data: ReadSignal<AnomalyList>, filter: Memo<AnomalyFilter>, query: Memo<ParamsMap>) -> impl IntoView {
    let shown_until = RwSignal::new(data.with_untracked(newest));
    let items = move || data.with(|data| until(data, shown_until.get()));
    let n_fresh = Memo::new(move |_| data.with(|data| data.anomalies.len()) - items().len());
    let show_all = move || shown_until.set(data.with_untracked(newest));
    // Another filter is another list: its first answer is shown whole.
    Effect::new(move |before: Option<AnomalyFilter>| {
        let now = filter.get();
        if before.is_some_and(|before| before != now) {
            shown_until.set(Time::MAX_UTC);
        }
        now
    });
    Effect::new(move |_| {
        data.track();
        if shown_until.get_untracked() == Time::MAX_UTC {
            show_all();
        }
    });
    let is_empty = Memo::new(move |_| data.with(|data| data.anomalies.is_empty()));
    let next = Memo::new(move |_| data.with(|data| data.next_cursor.clone()));
    let next_href = move |cursor: String| {
        let mut query = query.get();
        query.replace("cursor", cursor);
        query.to_query_string()
    };
    let is_filtered = move || filter.with(|filter| *filter != AnomalyFilter::default());
    view! {
        <div role="status">
            {move || {
                (n_fresh.get() > 0)
                    .then(|| view! { <button type="button" class="fresh" on:click=move |_| show_all()>{n_fresh.get()} " new"</button> })
            }}
        </div>
        {move || {
            if is_empty.get() {
                Either::Left(view! { <Nothing is_filtered=is_filtered()/> })
            } else {
                Either::Right(view! { <AnomalyTable anomalies=items caption="Anomalies, newest first"/> })
            }
        }}
        <nav class="pager" aria-label="Pages">
            {move || filter.with(|filter| filter.cursor.is_some()).then(|| view! { <a href="/anomalies">"Newest"</a> })}
            {move || next.get().map(|cursor| view! { <a href=next_href(cursor)>"Older"</a> })}
            <a href="/api/v1/anomalies?limit=500" rel="external" download="anomalies.json">"Export JSON"</a>
        </nav>
    }
}

/// When the newest of them was first seen.
fn newest(list: &AnomalyList) -> Time {
    list.anomalies.iter().map(|anomaly| anomaly.timestamp).max().unwrap_or(Time::MAX_UTC)
}

/// Those that were there when the list was last looked at; later ones wait, so that nothing moves under the pointer.
fn until(list: &AnomalyList, time: Time) -> Vec<Anomaly> {
    list.anomalies.iter().filter(|anomaly| anomaly.timestamp <= time).cloned().collect()
}

#[component]
fn Nothing(is_filtered: bool) -> impl IntoView {
    if is_filtered {
        Either::Left(view! {
            <Empty title="No anomaly fits these filters">
                <p><a href="/anomalies">"Clear the filters"</a> " to see all of them."</p>
            </Empty>
        })
    } else {
        Either::Right(view! {
            <Empty title="No anomalies yet">
                <p>"A series is judged once it has shown for a while what is usual. In demo mode, " <a href="/demo">"inject a fault"</a> " and watch it appear."</p>
            </Empty>
        })
    }
}
