//! The playground: ask a model, watch the answer come, see what it cost.

use crate::components::{Empty, Loaded, PageHead};
use crate::fetched::fetch;
use crate::islands::Playground;
use crate::prelude::*;
use crate::rpc::gateway::Routes;

/// The page.
#[component]
pub(crate) fn PlaygroundPage() -> impl IntoView {
    let fetched = fetch(|| Routes {});
    view! {
        <PageHead title="Playground" lead="Ask through the gateway, as a program would: routes, limits, budgets and safety apply."/>
        <noscript><p class="notice">"Asking from this page needs JavaScript. A terminal does it too: see Requests for a command."</p></noscript>
        <Loaded fetched view=|data| content(data.with_untracked(|routes| routes.iter().map(|route| route.settings.name.clone()).collect()))/>
    }
}

fn content(models: Vec<String>) -> AnyView {
    if models.is_empty() {
        return view! { <Empty title="Nothing can be asked yet"><p><a href="/gateway/providers">"Add a route"</a> " to a provider's model first."</p></Empty> };
    }
    view! { <Playground models/> }
}
