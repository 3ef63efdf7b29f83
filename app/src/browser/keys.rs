//! The keyboard: `Ctrl-K`, `?`, `j`, `k` and two-letter jumps. Never while somebody types.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::page::go;

/// Raises `palette` and `shortcuts`. The button that opens the palette is part of the page and may be another one later.
pub(crate) fn listen(palette: RwSignal<bool>, shortcuts: RwSignal<bool>) {
    let is_going = StoredValue::new(false);
    let clicks = window_event_listener(leptos::ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.closest("[data-opens=palette]").ok().flatten().is_some()) {
            palette.set(true);
        }
    });
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
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
            "o" if was_going => go("/", false),
            "a" if was_going => go("/anomalies", false),
            "s" if was_going => go("/services", false),
            "?" => shortcuts.set(true),
            "j" => step(1),
            "k" => step(-1),
            _ => {}
        }
    });
    on_cleanup(move || {
        clicks.remove();
        keys.remove();
    });
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
