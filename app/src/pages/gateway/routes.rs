//! Routes: the section of the providers' page.

use domain::access::Permission;
use domain::gateway::{PutRoute, Route, RouteLimits, RouteTarget, SafetyMode};

use crate::call::{Call, Refusal};
use crate::components::{
    Area, CallForm, Check, Choice, Danger, Empty, Field, FormFailure, Items, Loaded, Rows, Submit,
};
use crate::fetched::fetch;
use crate::format;
use crate::now::Ago;
use crate::prelude::*;
use crate::rpc::gateway::{CreateRoute, DeleteRoute, Routes, UpdateRoute};
use crate::session::may;

/// The calls of this section; shared by all rows.
#[derive(Clone, Copy)]
struct Calls {
    update: Call,
    delete: Call,
}

/// All routes, and the form for another.
#[component]
pub(super) fn RoutesSection() -> impl IntoView {
    let fetched = fetch(|| Routes {});
    let create = Call::to::<CreateRoute>();
    let calls = Calls { update: Call::to::<UpdateRoute>(), delete: Call::to::<DeleteRoute>() };
    provide_context(calls);
    view! {
        <h2>"Routes"</h2>
        <FormFailure refusal=calls.update.refusal()/>
        <FormFailure refusal=calls.delete.refusal()/>
        <Loaded fetched view=|data| view! { <Content data/> }/>
        {may(Permission::Govern).then(|| view! {
            <section class="card" aria-labelledby="new-route">
                <h2 id="new-route">"Add a route"</h2>
                <FormFailure refusal=create.refusal()/>
                <CallForm action=create class="form">
                    <Fields route=None refusal=create.refusal()/>
                    <Submit label="Add route"/>
                </CallForm>
            </section>
        })}
    }
}

#[component]
fn Content(data: ReadSignal<Vec<Route>>) -> impl IntoView {
    let is_empty = Memo::new(move |_| data.with(Vec::is_empty));
    move || {
        if is_empty.get() {
            view! { <Empty title="No routes yet"><p>"A route gives a name to one or more models. Add the first below."</p></Empty> }
        } else {
            view! { <Table routes=move || data.get()/> }
        }
    }
}

#[component]
fn Table(#[prop(into)] routes: Items<Route>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Routes">
            <table class="table">
                <caption class="visually-hidden">"Routes"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Targets, in order"</th>
                        <th scope="col">"Safety"</th>
                        <th scope="col" class="number">"Retries"</th>
                        <th scope="col" class="number">"Version"</th>
                        <th scope="col">"Changed"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody><Rows items=routes row=row/></tbody>
            </table>
        </div>
    }
}

fn row(route: Route) -> impl IntoView {
    let Route { settings, version, updated_at, .. } = route.clone();
    let name = settings.name;
    let targets = settings.targets.iter().map(|target| view! { <li><code class="wrap">{line(target)}</code></li> });
    let targets = targets.collect_view();
    view! {
        <tr data-route=name>
            <th scope="row"><code>{name.clone()}</code></th>
            <td><ol class="plain">{targets}</ol></td>
            <td>{settings.safety.as_str()}</td>
            <td class="number">{format::count(settings.retries.into())}</td>
            <td class="number">{format::count(version.into())}</td>
            <td><Ago at=updated_at/></td>
            <td class="row-actions">{may(Permission::Govern).then(|| view! { <Acts route/> })}</td>
        </tr>
    }
}

fn line(target: &RouteTarget) -> String {
    let weight = target.weight.map(|weight| format!(" {weight}")).unwrap_or_default();
    format!("{}/{}{weight}", target.provider, target.model)
}

#[component]
fn Acts(route: Route) -> impl IntoView {
    let Calls { update, delete } = expect_context();
    let (id, name) = (route.id.to_string(), route.settings.name.clone());
    let (edited, save) = (id.clone(), format!("Save {name}"));
    view! {
        <details class="fold">
            <summary>"Edit"</summary>
            <CallForm action=update class="form">
                <input type="hidden" name="id" value=edited/>
                <Fields route=Some(route) refusal=update.refusal()/>
                <Submit label=save/>
            </CallForm>
        </details>
        <Danger
            label="Remove"
            touches=format!("Calls that name {name} as their model are refused from now on.")
            undone="Undone by adding the route again."
            action=delete
            id=id
            button=format!("Remove {name}")
        />
    }
}

#[component]
fn Fields(route: Option<Route>, refusal: Refusal) -> impl IntoView {
    let scope = route.as_ref().map_or_else(|| "new-route".to_owned(), |route| route.id.to_string());
    let modes: Vec<_> =
        SafetyMode::ALL.iter().map(|mode| (mode.as_str().to_owned(), mode.as_str().to_owned())).collect();
    let put: Option<PutRoute> = route.map(|route| route.settings);
    let limits = put.as_ref().map_or_else(RouteLimits::default, |put| put.limits);
    let safety = put.as_ref().map_or(SafetyMode::Monitor, |put| put.safety).as_str();
    let retries = put.as_ref().map_or(1, |put| put.retries);
    let (is_buffered, is_simulated, is_kept) =
        put.as_ref().map_or((false, false, false), |put| (put.buffered, put.fallback_to_simulation, put.keep_bodies));
    let lines: Vec<_> = put.iter().flat_map(|put| put.targets.iter().map(line)).collect();
    let name = put.map(|put| put.name).unwrap_or_default();
    view! {
        <Field name="name" label="Name" value=name scope=scope.clone() help="What callers send as model; * answers to every other name." is_required=true refusal/>
        <Area name="targets" label="Targets" value=lines.join("\n") scope=scope.clone() help="One provider/model a line, tried in order; a number after it is its share of first attempts." refusal/>
        <Choice name="safety" label="Unsafe content" options=modes value=safety scope=scope.clone() refusal/>
        <Field name="retries" label="Retries at one target" kind="number" value=retries.to_string() scope=scope.clone() refusal/>
        <Field name="first_token_ms" label="First token within, in milliseconds" kind="number" value=limits.first_token_ms.to_string() scope=scope.clone() refusal/>
        <Field name="silence_ms" label="Silence at most, in milliseconds" kind="number" value=limits.silence_ms.to_string() scope=scope.clone() refusal/>
        <Field name="total_ms" label="Whole call within, in milliseconds" kind="number" value=limits.total_ms.to_string() scope=scope refusal/>
        <Check name="buffered" label="Hold streams back until they are whole" is_checked=is_buffered/>
        <Check name="fallback_to_simulation" label="Let the simulation answer when nobody else does" is_checked=is_simulated/>
        <Check name="keep_bodies" label="Keep what was said, redacted" is_checked=is_kept/>
    }
}
