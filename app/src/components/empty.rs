//! What stands where a list has nothing in it: what it is for, and the one step that fills it.

use crate::islands::CopyButton;
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
    view! {
        <div class="command">
            <pre tabindex="0"><code>{text.clone()}</code></pre>
            <CopyButton text/>
        </div>
    }
}
