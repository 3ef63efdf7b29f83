//! Scrape targets: where metrics come from, and how the last fetch went.

use domain::access::Permission;
use domain::target::{DEFAULT_SAMPLE_LIMIT, Target};
use leptos::either::Either;

use crate::call::Call;
use crate::components::{
    Area, CallForm, Check, Command, Danger, Empty, Field, FormFailure, Items, Loaded, PageHead, Rows, Simulated, Submit,
};
use crate::fetched::fetch;
use crate::format;
use crate::forms::labels_text;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::target::{CreateTarget, DeleteTarget, Targets, UpdateTarget};
use crate::session::may;

/// The calls of this page; shared by all rows, so that a refusal is shown once.
#[derive(Clone, Copy)]
struct Calls {
    create: Call,
    update: Call,
    delete: Call,
}

/// The page.
#[component]
pub(crate) fn TargetsPage() -> impl IntoView {
    let fetched = fetch(|| Targets {});
    let calls = Calls {
        create: Call::to::<CreateTarget>(),
        update: Call::to::<UpdateTarget>(),
        delete: Call::to::<DeleteTarget>(),
    };
    provide_context(calls);
    view! {
        <PageHead title="Targets" lead="Where Prometheus text or OpenMetrics is fetched from."/>
        <FormFailure refusal=calls.update.refusal()/>
        <FormFailure refusal=calls.delete.refusal()/>
        <Loaded fetched topics=&["target"] view=|data| view! { <Content data/> }/>
        {may(Permission::Govern).then(|| view! { <NewTarget action=calls.create/> })}
    }
}

#[component]
fn Content(data: ReadSignal<Vec<Target>>) -> impl IntoView {
    let is_empty = Memo::new(move |_| data.with(Vec::is_empty));
    move || {
        if is_empty.get() {
            Either::Left(view! {
                <Empty title="No targets yet">
                    <p>"A target is an address that answers with metrics. For a first try, start the node exporter and add it below:"</p>
                    <Command text="prometheus-node-exporter --web.listen-address=127.0.0.1:9100\n# then add http://127.0.0.1:9100/metrics"/>
                </Empty>
            })
        } else {
            Either::Right(view! { <Table targets=move || data.get()/> })
        }
    }
}

#[component]
fn Table(#[prop(into)] targets: Items<Target>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Targets">
            <table class="table">
                <caption class="visually-hidden">"Targets and their last scrape"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Service"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col">"Last scrape"</th>
                        <th scope="col" class="number">"Samples"</th>
                        <th scope="col" class="number">"Took"</th>
                        <th scope="col" class="number">"Every"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>
                    <Rows items=targets row=line/>
                </tbody>
            </table>
        </div>
    }
}

fn line(target: Target) -> impl IntoView {
    let scrape = target.last_scrape.clone();
    let samples =
        scrape.as_ref().map_or_else(|| format::NONE.to_owned(), |scrape| format::count(scrape.samples.into()));
    let (service, url, went) = (target.service.clone(), target.url.clone(), how_it_went(&target));
    let took = format::maybe(scrape.as_ref().map(|scrape| scrape.duration_ms), "ms");
    view! {
        <tr data-target=service>
            <th scope="row">{service.clone()} " " <Simulated is_simulated=target.is_simulated/></th>
            <td><code class="wrap">{url}</code></td>
            <td>{went}</td>
            <td class="number">{samples}</td>
            <td class="number">{took}</td>
            <td class="number">{format::millis(target.interval_ms.into())}</td>
            <td class="row-actions">{may(Permission::Govern).then(|| view! { <Acts target/> })}</td>
        </tr>
    }
}

fn how_it_went(target: &Target) -> impl IntoView + use<> {
    let (class, shape, word) = match (&target.last_scrape, target.is_enabled) {
        (_, false) => ("unknown", "○", "switched off"),
        (None, _) => ("unknown", "○", "not yet"),
        (Some(scrape), _) if scrape.is_up => ("healthy", "●", "up"),
        (Some(_), _) => ("unhealthy", "▲", "down"),
    };
    let at = target.last_scrape.as_ref().map(|scrape| scrape.at);
    let error = target.last_scrape.as_ref().and_then(|scrape| scrape.error.clone());
    view! {
        <span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span>
        " "
        {at.map(|at| view! { <Ago at/> })}
        {error.map(|error| view! { <p class="field-error small wrap">{error}</p> })}
    }
}

#[component]
fn Acts(target: Target) -> impl IntoView {
    let calls = expect_context::<Calls>();
    let id = target.id.to_string();
    let edited = id.clone();
    let name = target.service.clone();
    let save = format!("Save {name}");
    view! {
        <details class="fold">
            <summary>"Edit"</summary>
            <CallForm action=calls.update class="form">
                <input type="hidden" name="id" value=edited/>
                <Fields target=Some(target) refusal=calls.update.refusal()/>
                <Submit label=save/>
            </CallForm>
        </details>
        <Danger
                label="Remove"
            touches=format!("Stops scraping {name} from this address and removes the target. What was already stored stays until retention removes it.")
            undone="Undone by adding the target again; the gap stays."
                action=calls.delete
                id=id
                button=format!("Remove target {name}")
            />
    }
}

#[component]
fn NewTarget(action: Call) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="new-target">
            <h2 id="new-target">"Add a target"</h2>
            <FormFailure refusal=action.refusal()/>
            <CallForm action class="form">
                <Fields target=None refusal=action.refusal()/>
                <Submit label="Add target"/>
            </CallForm>
        </section>
    }
}

/// The fields of a target, filled with one or with the defaults.
#[component]
fn Fields(target: Option<Target>, refusal: Signal<Option<domain::error::ApiError>>) -> impl IntoView {
    let scope = target.as_ref().map(|target| target.id.to_string()).unwrap_or_default();
    let (interval, timeout, limit) = target.as_ref().map_or((15_000, 10_000, DEFAULT_SAMPLE_LIMIT), |target| {
        (target.interval_ms, target.timeout_ms, target.sample_limit)
    });
    let is_enabled = target.as_ref().is_none_or(|target| target.is_enabled);
    let labels = target.as_ref().map(|target| labels_text(&target.labels)).unwrap_or_default();
    let (service, url) = target.map(|target| (target.service, target.url)).unwrap_or_default();
    view! {
        <Field name="service" label="Service" value=service scope=scope.clone() help="The service its samples belong to." is_required=true refusal/>
        <Field name="url" label="Address" kind="url" value=url scope=scope.clone() placeholder="http://127.0.0.1:9100/metrics" is_required=true refusal/>
        <Field name="interval_ms" label="Interval in milliseconds" kind="number" value=interval.to_string() scope=scope.clone() refusal/>
        <Field name="timeout_ms" label="Timeout in milliseconds" kind="number" value=timeout.to_string() scope=scope.clone() refusal/>
        <Field
            name="sample_limit"
            label="Samples at most"
            kind="number"
            value=limit.to_string()
            scope=scope.clone()
            help="A scrape with more is refused whole."
            refusal
        />
        <Area name="labels" label="Labels" value=labels scope=scope help="Added to every sample; one name=value a line." refusal/>
        <Check name="is_enabled" label="Scrape this target" is_checked=is_enabled/>
    }
}
