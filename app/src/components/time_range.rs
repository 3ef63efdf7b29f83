//! The one time-range control: links, so that it works without WASM and can be shared.

use domain::overview::TimeRange;
use leptos_router::hooks::use_query_map;

use crate::prelude::*;

/// A stretch chosen by dragging over a chart, in Unix milliseconds.
pub(crate) type Zoom = Option<(i64, i64)>;

/// The stretch in the address (`from` and `to`), if it is one.
pub(crate) fn use_zoom() -> Signal<Zoom> {
    let query = use_query_map();
    let zoom = Memo::new(move |_| {
        let query = query.read();
        let ms = |name: &str| query.get_str(name)?.parse::<i64>().ok();
        Some((ms("from")?, ms("to")?)).filter(|(from, to)| from < to)
    });
    zoom.into()
}

/// The range in the address, one hour when there is none.
pub(crate) fn use_range() -> Memo<TimeRange> {
    let query = use_query_map();
    Memo::new(move |_| query.read().get_str("range").and_then(|word| word.parse().ok()).unwrap_or(TimeRange::Hour1))
}

/// Links to every range, keeping the rest of the address.
#[component]
pub(crate) fn TimeRangeLinks() -> impl IntoView {
    let query = use_query_map();
    let chosen = use_range();
    let links = TimeRange::ALL.iter().map(|&range| {
        let href = move || {
            let mut query = query.get();
            query.replace("range", range.as_str().to_owned());
            query.remove("from");
            query.remove("to");
            query.to_query_string()
        };
        view! {
            <li>
                <a href=href title=range.label() data-noscroll aria-current=move || (chosen.get() == range).then_some("true")>
                    {range.as_str()}
                </a>
            </li>
        }
    });
    view! {
        <nav class="segments" aria-label="Time range">
            <ul>{links.collect_view()}</ul>
        </nav>
    }
}

/// Charts under one range: dragging over one of them chooses a stretch for all, which the address keeps.
#[component]
pub(crate) fn Zoomable(children: Children) -> impl IntoView {
    let query = use_query_map();
    let zoom = use_zoom();
    let whole = move || {
        let mut query = query.get();
        query.remove("from");
        query.remove("to");
        query.to_query_string()
    };
    view! {
        {move || {
            zoom.get().map(|_| view! { <p class="notice">"Showing a part of the range. " <a href=whole data-noscroll>"Show all of it"</a></p> })
        }}
        {children()}
    }
}
