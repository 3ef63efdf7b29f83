//! All anomalies, with filters in the address.

use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyList, AnomalyStatus, Severity};
use leptos::either::Either;
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
            <form method="get" action="/anomalies" class="filters">
                <label>
                    "Service"
                    <input name="service" value=move || filter.with(|filter| filter.service.clone()) autocomplete="off"/>
                </label>
                <label>"Severity" <select name="severity"><option value="">"any"</option>{severities.collect_view()}</select></label>
                <label>"State" <select name="status"><option value="">"any"</option>{statuses.collect_view()}</select></label>
                <button type="submit">"Filter"</button>
                <a class="button quiet" href="/anomalies">"Clear"</a>
            </form>
        </search>
    }
}

#[component]
fn Content(data: ReadSignal<AnomalyList>, filter: Memo<AnomalyFilter>, query: Memo<ParamsMap>) -> impl IntoView {
    let AnomalyList { anomalies, next_cursor } = data.get_untracked();
    let asked = query.with_untracked(|query| query.get_str(UNTIL).and_then(|ms| ms.parse().ok()));
    let until = asked.or_else(|| anomalies.iter().map(|anomaly| anomaly.timestamp.timestamp_millis()).max());
    let (shown, fresh): (Vec<_>, Vec<_>) = anomalies.into_iter().partition(|anomaly| is_shown(anomaly, until));
    let (is_empty, n_fresh) = (shown.is_empty(), fresh.len());
    let is_filtered = filter.with_untracked(|filter| *filter != AnomalyFilter::default());
    let has_cursor = filter.with_untracked(|filter| filter.cursor.is_some());
    let address = move |cursor: Option<String>| {
        let mut query = query.get_untracked();
        query.remove(UNTIL);
        if let Some(cursor) = cursor {
            query.replace("cursor", cursor);
        }
        format!("/anomalies{}", query.to_query_string())
    };
    view! {
        {until.map(|ms| view! { <template data-refresh=format!("{UNTIL}={ms}")></template> })}
        <div role="status">
            {(n_fresh > 0).then(|| view! { <a class="button fresh" href=address(None) data-noscroll>{n_fresh} " new"</a> })}
        </div>
        {if is_empty {
            Either::Left(view! { <Nothing is_filtered/> })
        } else {
            Either::Right(view! { <AnomalyTable anomalies=move || shown.clone() caption="Anomalies, newest first"/> })
        }}
        <nav class="pager" aria-label="Pages">
            {has_cursor.then(|| view! { <a href="/anomalies">"Newest"</a> })}
            {next_cursor.map(|cursor| view! { <a href=address(Some(cursor))>"Older"</a> })}
            <a href="/api/v1/anomalies?limit=500" rel="external" download="anomalies.json">"Export JSON"</a>
        </nav>
    }
}

/// In the address of a page that is asked for again: when its newest row was first seen, in Unix milliseconds.
const UNTIL: &str = "until";

/// Whether it was there when the list was last looked at; later ones wait, so that nothing moves under the pointer.
fn is_shown(anomaly: &Anomaly, until: Option<i64>) -> bool {
    until.is_none_or(|until| anomaly.timestamp.timestamp_millis() <= until)
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
