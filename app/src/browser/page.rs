//! Small changes to the page itself: theme, dialogs, focus, whole loads.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

/// Shows the theme at once; the cookie that remembers it comes from the server.
pub(crate) fn set_theme(word: &str) {
    let Some(root) = document().document_element() else { return };
    // A failure leaves the old theme, which is no harm.
    if word == "auto" {
        let _ = root.remove_attribute("data-theme");
    } else {
        let _ = root.set_attribute("data-theme", word);
    }
}

/// Opens or closes a dialog; doing it twice is nothing.
pub(crate) fn show_dialog(dialog: NodeRef<html::Dialog>, is_open: bool) {
    let Some(dialog) = dialog.get_untracked() else { return };
    if is_open && !dialog.open() {
        let _ = dialog.show_modal();
    } else if !is_open && dialog.open() {
        dialog.close();
    }
}

/// Loads an address whole, as a click on a plain link does.
pub(crate) fn load(href: &str) {
    let _ = window().location().set_href(href);
}

/// After a navigation without a page load: folds the menu and moves the focus to the new content, as a load would.
pub(crate) fn arrive() {
    if let Some(nav) = element("nav") {
        let _ = nav.hide_popover();
    }
    if let Some(main) = element("main") {
        let _ = main.focus();
    }
}

fn element(id: &str) -> Option<leptos::web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Whether anybody can see the page.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}
