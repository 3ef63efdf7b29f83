//! The history of calls, with filters in the address.

use domain::gateway::{RequestFilter, RequestOutcome, RequestSummary};
use domain::page::Page;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

use crate::components::{Command, Empty, Items, Loaded, PageHead, Rows, Simulated};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::gateway::Requests;

/// What makes the first call.
pub(super) const FIRST_CALL: &str = "curl http://127.0.0.1:3000/v1/chat/completions -H 'Authorization: Bearer rp_…' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"model\": \"simulated\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'";

/// The page.
#[component]
pub(crate) fn RequestsPage() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(read));
    let fetched = fetch(move || Requests { filter: filter.get() });
    view! {
        <PageHead title="Requests" lead="Every call through the gateway: who called, what answered, how long it took."/>
        <Filters filter/>
        <Loaded fetched topics=&["breaker"] view=move |data| view! { <Content data filter query/> }/>
    }
}

fn read(query: &ParamsMap) -> RequestFilter {
    let text = |name: &str| query.get(name).filter(|text| !text.is_empty());
    RequestFilter {
        service: text("service"),
        provider: text("provider"),
        model: text("model"),
        status: text("status"),
        q: text("q"),
        cursor: text("cursor"),
        ..RequestFilter::default()
    }
}

#[component]
fn Filters(filter: Memo<RequestFilter>) -> impl IntoView {
    let outcomes = RequestOutcome::ALL.iter().map(move |&value| {
        let is_chosen = move || filter.with(|filter| filter.status.as_deref() == Some(value.as_str()));
        view! { <option value=value.as_str() selected=is_chosen>{value.as_str().replace('_', " ")}</option> }
    });
    let field = move |label: &'static str, name: &'static str, of: fn(&RequestFilter) -> Option<String>| {
        view! { <label>{label} <input name=name value=move || filter.with(of) autocomplete="off"/></label> }
    };
    view! {
        <search>
            <form method="get" action="/gateway/requests" class="filters">
                {field("Service", "service", |filter| filter.service.clone())}
                {field("Provider", "provider", |filter| filter.provider.clone())}
                {field("Model", "model", |filter| filter.model.clone())}
                <label>"Ended" <select name="status"><option value="">"any"</option>{outcomes.collect_view()}</select></label>
                {field("Words", "q", |filter| filter.q.clone())}
                <button type="submit">"Filter"</button>
                <a class="button quiet" href="/gateway/requests">"Clear"</a>
            </form>
        </search>
    }
}

#[component]
fn Content(
    data: ReadSignal<Page<RequestSummary>>,
    filter: Memo<RequestFilter>,
    query: Memo<ParamsMap>,
) -> impl IntoView {
    let is_empty = Memo::new(move |_| data.with(|data| data.items.is_empty()));
    let next_href = move |cursor: String| {
        let mut query = query.get();
        query.replace("cursor", cursor);
        query.to_query_string()
    };
    view! {
        {move || {
            let is_filtered = filter.with(|filter| *filter != RequestFilter::default());
            match (is_empty.get(), is_filtered) {
                (false, _) => view! { <Table requests=move || data.get().items/> },
                (true, true) => view! {
                    <Empty title="No call fits these filters">
                        <p><a href="/gateway/requests">"Clear the filters"</a> " to see all of them."</p>
                    </Empty>
                },
                (true, false) => view! {
                    <Empty title="No calls yet">
                        <p>"Point an OpenAI or Anthropic SDK at this address with an API key that has the scope gateway. The route simulated needs no provider's key:"</p>
                        <Command text=FIRST_CALL/>
                    </Empty>
                },
            }
        }}
        <nav class="pager" aria-label="Pages">
            {move || filter.with(|filter| filter.cursor.is_some()).then(|| view! { <a href="/gateway/requests">"Newest"</a> })}
            {move || data.with(|data| data.next_cursor.clone()).map(|cursor| view! { <a href=next_href(cursor)>"Older"</a> })}
            <a href="/api/v1/requests?limit=500" rel="external" download="requests.json">"Export JSON"</a>
        </nav>
    }
}

#[component]
fn Table(#[prop(into)] requests: Items<RequestSummary>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Calls, newest first">
            <table class="table">
                <caption class="visually-hidden">"Calls, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"Service"</th>
                        <th scope="col">"Model"</th>
                        <th scope="col">"Ended"</th>
                        <th scope="col" class="number">"Took"</th>
                        <th scope="col" class="number">"First token"</th>
                        <th scope="col" class="number">"Tokens"</th>
                        <th scope="col" class="number">"Attempts"</th>
                    </tr>
                </thead>
                <tbody><Rows items=requests row=row/></tbody>
            </table>
        </div>
    }
}

fn row(request: RequestSummary) -> impl IntoView {
    let answered = match (&request.provider, &request.model) {
        (Some(provider), Some(model)) => format!("{provider}/{model}"),
        _ => request.requested_model.clone(),
    };
    let estimated = if request.tokens.is_estimated { "~" } else { "" };
    let tokens = format!("{estimated}{}", format::count(request.tokens.input + request.tokens.output));
    view! {
        <tr data-request=request.id.to_string()>
            <td><Ago at=request.timestamp/></td>
            <td>{request.service}</td>
            <th scope="row">
                <a data-row href=format!("/gateway/requests/{}", request.id)>{answered}</a>
                " "
                <Simulated is_simulated=request.is_simulated/>
            </th>
            <td><Ended outcome=request.outcome status=request.status/></td>
            <td class="number">{format::millis(request.latency_ms)}</td>
            <td class="number">{format::maybe(request.first_token_ms, "ms")}</td>
            <td class="number">{tokens}</td>
            <td class="number">{format::count(request.attempts.into())}</td>
        </tr>
    }
}

/// How a call ended: shape, colour and word, and the status the caller got.
#[component]
pub(super) fn Ended(outcome: RequestOutcome, status: u16) -> impl IntoView {
    let (class, shape) = match outcome {
        RequestOutcome::Succeeded => ("healthy", "●"),
        RequestOutcome::Failed | RequestOutcome::Incomplete => ("unhealthy", "▲"),
        RequestOutcome::Refused => ("degraded", "◐"),
        RequestOutcome::HungUp => ("unknown", "○"),
    };
    view! {
        <span class=format!("mark mark-{class}")>
            <span class="mark-shape" aria-hidden="true">{shape}</span>
            {outcome.as_str().replace('_', " ")}
        </span>
        " "
        <span class="muted">{status}</span>
    }
}
