//! The newest entries of the audit trail.

use domain::audit::AuditEntry;
use domain::page::{Page, PageRequest};
use leptos_router::hooks::use_query_map;

use crate::components::{Loaded, Rows};
use crate::fetched::fetch;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::system::AuditCall;

/// The table, a page at a time.
#[component]
pub(super) fn Audit() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.read().get("audit"));
    let fetched = fetch(move || AuditCall { page: PageRequest { limit: Some(25), cursor: cursor.get() } });
    view! {
        <section aria-labelledby="audit">
            <h2 id="audit">"Audit trail"</h2>
            <Loaded fetched view=move |data| view! { <Content data/> }/>
        </section>
    }
}

#[component]
fn Content(data: ReadSignal<Page<AuditEntry>>) -> impl IntoView {
    let entries = move || data.with(|data| data.items.clone());
    let older = move || data.with(|data| data.next_cursor.clone());
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Audit trail">
            <table class="table compact">
                <caption class="visually-hidden">"Who did what, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"On"</th>
                        <th scope="col">"Detail"</th>
                    </tr>
                </thead>
                <tbody><Rows items=entries row=line/></tbody>
            </table>
        </div>
        <nav class="pager" aria-label="Pages of the audit trail">
            {move || older().map(|cursor| view! { <a href=format!("/system?audit={}#audit", crate::format::segment(&cursor))>"Older"</a> })}
        </nav>
    }
}

fn line(entry: AuditEntry) -> impl IntoView {
    view! {
        <tr>
            <td><Ago at=entry.at/></td>
            <th scope="row">{entry.actor}</th>
            <td><code>{entry.action}</code></td>
            <td class="wrap">{entry.object}</td>
            <td class="wrap">{entry.detail}</td>
        </tr>
    }
}
