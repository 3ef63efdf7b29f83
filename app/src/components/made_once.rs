//! A value that is shown this one time: a new key, a one-time link.

use super::Command;
use crate::prelude::*;

/// Shows the value with what it is and what to do with it.
#[component]
pub(crate) fn MadeOnce(title: &'static str, #[prop(into)] value: String, children: Children) -> impl IntoView {
    view! {
        <section class="notice notice-once" role="status" aria-label=title>
            <h2>{title}</h2>
            <Command text=value/>
            {children()}
        </section>
    }
}
