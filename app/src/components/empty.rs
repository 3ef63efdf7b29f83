//! What stands where a list has nothing in it: what it is for, and the one step that fills it.

use crate::prelude::*;

/// An empty list.
#[component]
pub(crate) fn Empty(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{title}</h2>
            {children()}
        </div>
    }
}

/// A command to copy. With WASM there is a button for it.
#[component]
pub(crate) fn Command(#[prop(into)] text: String) -> impl IntoView {
    let copied = RwSignal::new(false);
    let can_copy = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| can_copy.set(crate::browser::clipboard::is_there()));
    let to_copy = StoredValue::new(text.clone());
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        to_copy.with_value(|text| crate::browser::clipboard::copy(text));
        #[cfg(not(feature = "hydrate"))]
        let _ = to_copy;
        copied.set(true);
    };
    view! {
        <div class="command">
            <pre tabindex="0"><code>{text}</code></pre>
            {move || {
                can_copy
                    .get()
                    .then(|| {
                        view! {
                            <button type="button" class="quiet" on:click=copy>
                                {move || if copied.get() { "Copied" } else { "Copy" }}
                            </button>
                        }
                    })
            }}
        </div>
    }
}
