//! The head of a page: its title in the tab and on the page, what it is for, and its controls.

use leptos_meta::Title;

use crate::prelude::*;

/// Title, lead and, at the end of the line, controls.
#[component]
pub(crate) fn PageHead(
    #[prop(into)] title: TextProp,
    #[prop(optional)] lead: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let tab = title.clone();
    view! {
        <Title text=move || tab.get().to_string()/>
        <header class="page-head">
            <div>
                <h1>{move || title.get()}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-controls">{children()}</div> })}
        </header>
    }
}
