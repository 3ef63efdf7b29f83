//! The frame of pages for people who are not logged in: one card, nothing else.

use leptos_meta::Title;

use crate::components::BrandMark;
use crate::prelude::*;

/// A single card with a title.
#[component]
pub(super) fn Bare(title: &'static str, lead: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title/>
        <main id="main" class="bare">
            <div class="card bare-card">
                <p class="brand"><BrandMark/>"Bellwether"</p>
                <h1>{title}</h1>
                <p class="lead">{lead}</p>
                {children()}
            </div>
        </main>
    }
}
