//! A button that copies a text; there only where copying works.

use crate::prelude::*;

/// Copies `text` to the clipboard.
#[island]
pub fn CopyButton(text: String) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let is_there = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| is_there.set(crate::browser::clipboard::is_there()));
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        crate::browser::clipboard::copy(&text);
        #[cfg(not(feature = "hydrate"))]
        let _ = &text;
        is_copied.set(true);
    };
    view! {
        <button type="button" class="quiet" hidden=move || !is_there.get() on:click=copy>
            {move || if is_copied.get() { "Copied" } else { "Copy" }}
        </button>
    }
}
