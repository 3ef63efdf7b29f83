//! The keyboard: `Ctrl-K`, `?`, `j`, `k` and two-letter jumps. Never while somebody types.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Listens until the layout goes. Raises `palette` and `shortcuts`.
pub(crate) fn listen(palette: RwSignal<bool>, shortcuts: RwSignal<bool>) {
    let navigate = use_navigate();
    let is_going = StoredValue::new(false);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            palette.update(|open| *open = !*open);
            return;
        }
        if is_typing(&event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let was_going = is_going.get_value();
        is_going.set_value(key == "g");
        match key.as_str() {
            "o" if was_going => navigate("/", NavigateOptions::default()),
            "a" if was_going => navigate("/anomalies", NavigateOptions::default()),
            "s" if was_going => navigate("/services", NavigateOptions::default()),
            "?" => shortcuts.set(true),
            "j" => step(1),
            "k" => step(-1),
            _ => {}
        }
    });
    on_cleanup(move || handle.remove());
}

fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_field = |element: &Element| {
        element.closest("input, textarea, select, dialog, [contenteditable]").ok().flatten().is_some()
    };
    target.as_ref().is_some_and(is_field)
}

/// Moves the focus to the next or previous row of the page; Enter then follows the link by itself.
fn step(by: i32) {
    let Ok(rows) = document().query_selector_all("[data-row]") else { return };
    let rows: Vec<HtmlElement> = (0..rows.length()).filter_map(|i| rows.get(i)?.dyn_into().ok()).collect();
    let focused = document().active_element();
    let at = rows.iter().position(|row| focused.as_ref().is_some_and(|focused| focused.is_same_node(Some(row))));
    let next = match (at, by) {
        (None, 1..) => 0,
        (None, _) => rows.len().saturating_sub(1),
        (Some(at), 1..) => (at + 1).min(rows.len().saturating_sub(1)),
        (Some(at), _) => at.saturating_sub(1),
    };
    if let Some(row) = rows.get(next) {
        let _ = row.focus();
        row.scroll_into_view_with_bool(false);
    }
}
