//! `?`: the keys this application knows.

use leptos::html;

use crate::prelude::*;

/// Key and what it does.
const KEYS: [(&str, &str); 7] = [
    ("Ctrl K", "Go to a page or service"),
    ("j", "Next row of a list"),
    ("k", "Row before"),
    ("Enter", "Open the row"),
    ("g o", "Overview"),
    ("g a", "Anomalies"),
    ("?", "This list"),
];

/// The dialog; `open` is raised by the keyboard.
#[component]
pub(super) fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| crate::browser::page::show_dialog(dialog, open.get()));
    let rows = KEYS.map(|(key, what)| view! { <tr><th scope="row"><kbd>{key}</kbd></th><td>{what}</td></tr> });
    view! {
        <dialog node_ref=dialog class="sheet" aria-labelledby="shortcuts-title" on:close=move |_| open.set(false)>
            <h2 id="shortcuts-title">"Keys"</h2>
            <table class="table compact">
                <caption class="visually-hidden">"Keyboard shortcuts"</caption>
                <thead class="visually-hidden"><tr><th scope="col">"Key"</th><th scope="col">"What it does"</th></tr></thead>
                <tbody>{rows.into_iter().collect_view()}</tbody>
            </table>
            <form method="dialog" class="actions"><button type="submit">"Close"</button></form>
        </dialog>
    }
}
