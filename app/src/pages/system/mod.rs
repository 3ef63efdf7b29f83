//! How Bellwether itself is doing: tasks, database, stream, metric store, configuration, audit trail.

mod audit;
mod facts;
mod tasks;

use crate::components::{Loaded, PageHead};
use crate::fetched::fetch;
use crate::prelude::*;
use crate::rpc::system::{System, SystemView};

/// The page.
#[component]
pub(crate) fn SystemPage() -> impl IntoView {
    let fetched = fetch(|| System {});
    view! {
        <PageHead title="System" lead="How Bellwether itself is doing."/>
        <Loaded fetched topics=&["target"] view=|data| view! { <Content data/> }/>
        <audit::Audit/>
    }
}

#[component]
fn Content(data: ReadSignal<SystemView>) -> impl IntoView {
    let tasks = move || data.with(|data| data.status.tasks.clone());
    view! {
        {move || data.with(facts::process)}
        <div class="cards cards-wide">
            {move || data.with(facts::database)}
            {move || data.with(facts::store)}
            {move || data.with(facts::stream)}
        </div>
        <tasks::Tasks tasks/>
        {move || data.with(facts::config)}
    }
}
