//! The header of a sortable column: a link, so that sorting works without WASM and can be shared.

use leptos_router::hooks::use_query_map;

use crate::prelude::*;
use crate::sort::Sort;

/// A column header. The other parameters of the address stay as they are.
#[component]
pub(crate) fn SortHead(
    column: &'static str,
    label: &'static str,
    default: &'static str,
    #[prop(optional)] is_number: bool,
) -> impl IntoView {
    let query = use_query_map();
    let sort = Memo::new(move |_| Sort::read(query.read().get_str("sort"), default));
    let href = move || {
        let mut query = query.get();
        query.replace("sort", sort.with(|sort| sort.next(column)));
        query.to_query_string()
    };
    let arrow = move || match sort.with(|sort| sort.aria(column)) {
        "ascending" => " ↑",
        "descending" => " ↓",
        _ => "",
    };
    view! {
        <th scope="col" class:number=is_number aria-sort=move || sort.with(|sort| sort.aria(column))>
            <a href=href data-noscroll>{label}<span aria-hidden="true">{arrow}</span></a>
        </th>
    }
}
