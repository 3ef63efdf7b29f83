//! What islands do to the page around them: dialogs, going elsewhere, telling it of events.

use js_sys::{Object, Reflect};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// Opens or closes a dialog; doing it twice is nothing.
pub(crate) fn show_dialog(dialog: NodeRef<html::Dialog>, is_open: bool) {
    let Some(dialog) = dialog.get_untracked() else { return };
    if is_open && !dialog.open() {
        let _ = dialog.show_modal();
    } else if !is_open && dialog.open() {
        dialog.close();
    }
}

/// Scrolls as little as makes the element with this id seen.
pub(crate) fn reveal(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view_with_bool(false);
    }
}

/// Goes to an address, as a click on a link does.
pub(crate) fn go(href: &str, is_external: bool) {
    let detail = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&detail, &"href".into(), &href.into());
    let _ = Reflect::set(&detail, &"isExternal".into(), &is_external.into());
    tell("bellwether:go", &detail);
}

/// Dispatches an event on the document; the page's own script listens.
pub(crate) fn tell(name: &str, detail: &JsValue) {
    let init = CustomEventInit::new();
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        let _ = document().dispatch_event(&event);
    }
}
