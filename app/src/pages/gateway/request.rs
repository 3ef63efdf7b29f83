//! One call: what was asked, what answered, and every try on the way.

use domain::gateway::{Attempt, RequestDetail};
use leptos_router::hooks::use_params_map;

use super::requests::Ended;
use crate::components::{Loaded, PageHead, Simulated};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::gateway::RequestCall;

/// The page.
#[component]
pub(crate) fn RequestPage() -> impl IntoView {
    let params = use_params_map();
    let fetched = fetch(move || RequestCall { id: params.read().get("id").unwrap_or_default() });
    view! {
        <p class="crumbs"><a href="/gateway/requests">"Requests"</a></p>
        <Loaded fetched view=move |data| view! { <Content data/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<RequestDetail>) -> impl IntoView {
    let title = Signal::derive(move || {
        data.with(|call| format!("{} · {}", call.summary.service, call.summary.requested_model))
    });
    view! {
        <PageHead title=move || title.get()/>
        {move || facts(data.get())}
    }
}

fn facts(call: RequestDetail) -> AnyView {
    let RequestDetail { summary, finish, request_bytes, answer_bytes, tries, request_body, answer_body, .. } = call;
    let or_none = |text: Option<String>| text.unwrap_or_else(|| format::NONE.to_owned());
    let total_ms = summary.latency_ms.max(f64::MIN_POSITIVE);
    let tokens = summary.tokens;
    let estimated = tokens.is_estimated.then_some(" (estimated: the provider did not say)");
    let answered = match (summary.provider, summary.model) {
        (Some(provider), Some(model)) => format!("{provider}/{model}"),
        _ => "nobody".to_owned(),
    };
    view! {
        <section class="card">
            <p class="card-line">
                <Ended outcome=summary.outcome status=summary.status/>
                <Simulated is_simulated=summary.is_simulated/>
            </p>
            {summary.error_message.map(|message| view! { <p class="reason">{message}</p> })}
            <dl class="facts">
                <div><dt>"Answered by"</dt><dd><code>{answered}</code></dd></div>
                <div><dt>"Route"</dt><dd>{or_none(summary.route)}</dd></div>
                <div><dt>"Took"</dt><dd>{format::millis(summary.latency_ms)}</dd></div>
                <div><dt>"First token"</dt><dd>{format::maybe(summary.first_token_ms, "ms")}</dd></div>
                <div><dt>"Spent in the gateway"</dt><dd>{format::millis(summary.overhead_ms)}</dd></div>
                <div><dt>"Tokens in"</dt><dd>{format::count(tokens.input)} {estimated}</dd></div>
                <div><dt>"Tokens out"</dt><dd>{format::count(tokens.output)}</dd></div>
                <div><dt>"Finish"</dt><dd>{or_none(finish)}</dd></div>
                <div><dt>"Request"</dt><dd>{format::bytes(to_f64(request_bytes))}</dd></div>
                <div><dt>"Answer"</dt><dd>{format::bytes(to_f64(answer_bytes))}</dd></div>
                <div><dt>"Door"</dt><dd>{summary.door}</dd></div>
                <div><dt>"When"</dt><dd><Ago at=summary.timestamp/></dd></div>
                <div><dt>"Key"</dt><dd><code>{or_none(summary.key)}</code></dd></div>
                <div><dt>"Id"</dt><dd><code>{summary.id.to_string()}</code></dd></div>
            </dl>
        </section>
        <h2>"Attempts"</h2>
        <div class="table-scroll" tabindex="0" role="group" aria-label="Attempts, in order">
            <table class="table">
                <caption class="visually-hidden">"Attempts, in order"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Target"</th>
                        <th scope="col">"Ended"</th>
                        <th scope="col" class="number">"Status"</th>
                        <th scope="col" class="number">"Began after"</th>
                        <th scope="col" class="number">"Took"</th>
                        <th scope="col">"When in the call"</th>
                        <th scope="col">"What was said"</th>
                    </tr>
                </thead>
                <tbody>{tries.into_iter().map(|one| attempt(one, total_ms)).collect_view()}</tbody>
            </table>
        </div>
        {kept("What was asked", request_body)}
        {kept("What was answered", answer_body)}
    }
}

#[expect(clippy::cast_precision_loss, reason = "bytes beyond 2^53 do not occur")]
const fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}

/// A row with its place in the call as a bar.
fn attempt(one: Attempt, total_ms: f64) -> AnyView {
    let percent = |ms: f64| (100.0 * ms / total_ms).clamp(0.0, 100.0);
    let (left, width) = (percent(one.started_ms), percent(one.duration_ms).max(0.5));
    view! {
        <tr>
            <th scope="row"><code>{format!("{}/{}", one.provider, one.model)}</code></th>
            <td>{one.outcome.replace('_', " ")}</td>
            <td class="number">{one.status.map_or_else(|| format::NONE.to_owned(), |status| status.to_string())}</td>
            <td class="number">{format::millis(one.started_ms)}</td>
            <td class="number">{format::millis(one.duration_ms)}</td>
            <td>
                <svg class="waterfall" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect x=left.to_string() y="1" width=width.to_string() height="6"></rect>
                </svg>
            </td>
            <td class="wrap">{one.message}</td>
        </tr>
    }
}

fn kept(title: &'static str, body: Option<String>) -> Option<AnyView> {
    body.map(|body| view! { <details class="fold"><summary>{title}</summary><pre class="wrap"><code>{body}</code></pre></details> })
}
