//! Providers and routes: whom calls go to, and what answers to which name.

use domain::access::Permission;
use domain::gateway::{Provider, ProviderKind};

use super::routes::RoutesSection;
use crate::call::Call;
use crate::components::{
    CallForm, Check, Choice, Command, Danger, Field, FormFailure, Items, Loaded, PageHead, Rows, Submit,
};
use crate::fetched::fetch;
use crate::prelude::*;
use crate::rpc::gateway::{CreateProvider, DeleteProvider, Providers, UpdateProvider};
use crate::session::may;

/// The calls of this page; shared by all rows.
#[derive(Clone, Copy)]
struct Calls {
    update: Call,
    delete: Call,
}

/// The page.
#[component]
pub(crate) fn ProvidersPage() -> impl IntoView {
    let fetched = fetch(|| Providers {});
    let create = Call::to::<CreateProvider>();
    let calls = Calls { update: Call::to::<UpdateProvider>(), delete: Call::to::<DeleteProvider>() };
    provide_context(calls);
    view! {
        <PageHead title="Providers and routes" lead="Programs send a route's name as the model; the route's targets are tried in order until one answers."/>
        <section class="card" aria-labelledby="point-here">
            <h2 id="point-here">"Point your SDK here"</h2>
            <Command text="OPENAI_BASE_URL=http://127.0.0.1:3000/v1\nOPENAI_API_KEY=rp_…   # an API key with the scope gateway"/>
        </section>
        <RoutesSection/>
        <h2>"Providers"</h2>
        <FormFailure refusal=calls.update.refusal()/>
        <FormFailure refusal=calls.delete.refusal()/>
        <Loaded fetched view=|data| view! { <Table providers=move || data.get()/> }/>
        {may(Permission::Govern).then(|| view! {
            <section class="card" aria-labelledby="new-provider">
                <h2 id="new-provider">"Add a provider"</h2>
                <FormFailure refusal=create.refusal()/>
                <CallForm action=create class="form">
                    <Fields provider=None refusal=create.refusal()/>
                    <Submit label="Add provider"/>
                </CallForm>
            </section>
        })}
    }
}

#[component]
fn Table(#[prop(into)] providers: Items<Provider>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Providers">
            <table class="table">
                <caption class="visually-hidden">"Providers"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Provider"</th>
                        <th scope="col">"Protocol"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col">"Key"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody><Rows items=providers row=row/></tbody>
            </table>
        </div>
    }
}

fn row(provider: Provider) -> impl IntoView {
    let Provider { name, kind, base_url, .. } = provider.clone();
    let key = match (provider.kind, provider.has_api_key) {
        (ProviderKind::Simulation, _) => "not needed",
        (_, true) => "there",
        (_, false) => "none",
    };
    let (class, shape, word) = if provider.enabled { ("healthy", "●", "on") } else { ("unknown", "○", "off") };
    view! {
        <tr data-provider=name>
            <th scope="row">{name.clone()}</th>
            <td>{kind.as_str()}</td>
            <td><code class="wrap">{base_url}</code></td>
            <td>{key}</td>
            <td><span class=format!("mark mark-{class}")><span class="mark-shape" aria-hidden="true">{shape}</span>{word}</span></td>
            <td class="row-actions">{may(Permission::Govern).then(|| view! { <Acts provider/> })}</td>
        </tr>
    }
}

#[component]
fn Acts(provider: Provider) -> impl IntoView {
    let Calls { update, delete } = expect_context();
    let (id, name) = (provider.id.to_string(), provider.name.clone());
    let (edited, save) = (id.clone(), format!("Save {name}"));
    view! {
        <details class="fold">
            <summary>"Edit"</summary>
            <CallForm action=update class="form">
                <input type="hidden" name="id" value=edited/>
                <Fields provider=Some(provider) refusal=update.refusal()/>
                <Submit label=save/>
            </CallForm>
        </details>
        <Danger
            label="Remove"
            touches=format!("Removes {name} and its key. A provider that a route names cannot be removed.")
            undone="Undone by adding it again; its key has to be entered again."
            action=delete
            id=id
            button=format!("Remove {name}")
        />
    }
}

#[component]
fn Fields(provider: Option<Provider>, refusal: crate::call::Refusal) -> impl IntoView {
    let scope = provider.as_ref().map_or_else(|| "new-provider".to_owned(), |provider| provider.id.to_string());
    let kinds: Vec<_> =
        ProviderKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.as_str().to_owned())).collect();
    let kind = provider.as_ref().map_or(ProviderKind::OpenAi, |provider| provider.kind).as_str();
    let is_enabled = provider.as_ref().is_none_or(|provider| provider.enabled);
    let has_key = provider.as_ref().is_some_and(|provider| provider.has_api_key);
    let (name, base_url) =
        provider.map(|provider| (provider.name, provider.base_url.unwrap_or_default())).unwrap_or_default();
    view! {
        <Field name="name" label="Name" value=name scope=scope.clone() help="What routes call it." is_required=true refusal/>
        <Choice name="kind" label="Protocol" options=kinds value=kind scope=scope.clone() refusal/>
        <Field name="base_url" label="Address" kind="url" value=base_url scope=scope.clone() placeholder="http://127.0.0.1:11434/v1" help="Empty: the provider's own." refusal/>
        <Field name="api_key" label="API key" kind="password" scope=scope help="Sealed when it is stored, and never shown again. Empty: what is there stays." refusal/>
        {has_key.then(|| view! { <Check name="remove_key" label="Remove the key that is there" is_checked=false/> })}
        <Check name="enabled" label="Calls may go to it" is_checked=is_enabled/>
    }
}
