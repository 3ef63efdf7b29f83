//! Automation: a question asked every few seconds, with what came of it.

use domain::access::Permission;
use domain::gateway::{Automation, AutomationResult};

use crate::call::Call;
use crate::components::{Area, CallForm, Empty, Field, FormFailure, Loaded, PageHead, Simulated, Submit};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::chaos::{Automations, StartAutomation, StopAutomationCall};
use crate::session::may;

/// The page.
#[component]
pub(crate) fn AutomationPage() -> impl IntoView {
    let fetched = fetch(|| Automations {});
    let (start, stop) = (Call::to::<StartAutomation>(), Call::to::<StopAutomationCall>());
    let refusal = start.refusal();
    view! {
        <PageHead title="Automation" lead="Asks a route the same question every few seconds, a set number of times, to see how it does."/>
        <FormFailure refusal=stop.refusal()/>
        <Loaded fetched topics=&["automation"] view=move |data| content(data.get_untracked(), stop)/>
        {may(Permission::Gateway).then(|| view! {
            <section class="card" aria-labelledby="start-automation">
                <h2 id="start-automation">"Start asking"</h2>
                <FormFailure refusal/>
                <CallForm action=start class="form">
                    <Field name="service" label="Route or provider" value="simulated" is_required=true refusal/>
                    <Area name="prompt" label="Question" value="What is a bellwether?" refusal/>
                    <Field name="interval" label="Every so many seconds" kind="number" value="5" is_required=true refusal/>
                    <Field name="count" label="So many times" kind="number" value="10" help="At most 1000; then it ends." is_required=true refusal/>
                    <Submit label="Start asking"/>
                </CallForm>
            </section>
        })}
    }
}

fn content(automations: Vec<Automation>, stop: Call) -> AnyView {
    if automations.is_empty() {
        return view! { <Empty title="Nothing is being asked"><p>"Start below. The route simulated needs no provider's key and costs nothing."</p></Empty> };
    }
    automations.into_iter().map(|one| card(one, stop)).collect_view().into_any()
}

fn card(one: Automation, stop: Call) -> AnyView {
    let is_running = one.ended_at.is_none();
    let id = one.id.to_string();
    let rows = one.results.into_iter().rev().take(20).map(row).collect_view();
    let (label, said) =
        (format!("{} of {} asked", one.sent, one.count), format!("{} of {} asked", one.sent, one.count));
    let (stopped, region) = (id.clone(), format!("Questions to {}", one.service));
    view! {
        <section class="card" data-automation=id aria-label=region>
            <div class="card-line">
                <h2>{one.service}</h2>
                <progress max=one.count.to_string() value=one.sent.to_string() aria-label=label>{label.clone()}</progress>
                <span>{said}</span>
            </div>
            <p class="wrap">{one.prompt}</p>
            <p class="muted">
                {format!("{} answered, {} failed, every {} s, started by {} ", one.succeeded, one.failed, one.interval, one.started_by)}
                <Ago at=one.started_at/>
            </p>
            {(is_running && may(Permission::Gateway)).then(|| view! {
                <CallForm action=stop>
                    <input type="hidden" name="id" value=stopped/>
                    <Submit label="Stop asking" class="quiet"/>
                </CallForm>
            })}
            <div class="table-scroll" tabindex="0" role="group" aria-label="Last answers">
                <table class="table compact">
                    <caption class="visually-hidden">"Last answers, newest first"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"When"</th>
                            <th scope="col">"Answered by"</th>
                            <th scope="col" class="number">"Took"</th>
                            <th scope="col">"Answer"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn row(result: AutomationResult) -> AnyView {
    let by = match (result.provider, result.model) {
        (Some(provider), Some(model)) => format!("{provider}/{model}"),
        _ => "nobody".to_owned(),
    };
    let text = match (result.error, result.response) {
        (Some(error), _) => view! { <span class="field-error">{error}</span> },
        (None, text) => view! { <span>{text}</span> },
    };
    view! {
        <tr>
            <td><Ago at=result.at/></td>
            <th scope="row">
                {match result.request_id {
                    Some(id) => view! { <a href=format!("/gateway/requests/{id}")>{by}</a> },
                    None => view! { <span>{by}</span> },
                }}
                " "
                <Simulated is_simulated=result.simulated/>
            </th>
            <td class="number">{format::millis(result.latency_ms)}</td>
            <td class="wrap">{text}</td>
        </tr>
    }
}
