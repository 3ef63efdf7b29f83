//! API keys: made once, shown once, rotated, revoked.

use domain::access::Scope;
use domain::key::{ApiKey, DEFAULT_RATE_LIMIT};
use domain::user::Team;
use leptos::either::Either;

use super::team_options::team_options;
use crate::call::Call;
use crate::components::{
    CallForm, Check, Choice, Command, Danger, Empty, Field, FormFailure, Items, Loaded, MadeOnce, PageHead, Rows,
    Submit,
};
use crate::fetched::fetch;
use crate::format;
use crate::now::{Ago, MaybeAgo};
use crate::prelude::*;
use crate::rpc::key::{CreateKey, DeleteKey, KeyList, Keys, RevokeKey, RotateKey};

/// The calls of this page; shared by all rows, so that a refusal is shown once.
#[derive(Clone, Copy)]
struct Calls {
    create: Call,
    rotate: Call,
    revoke: Call,
    delete: Call,
}

/// The page.
#[component]
pub(crate) fn KeysPage() -> impl IntoView {
    let fetched = fetch(|| Keys {});
    let calls = Calls {
        create: Call::to::<CreateKey>(),
        rotate: Call::to::<RotateKey>(),
        revoke: Call::to::<RevokeKey>(),
        delete: Call::to::<DeleteKey>(),
    };
    provide_context(calls);
    view! {
        <PageHead title="API keys" lead="How programs call Bellwether. A key is stored hashed: its value is shown once, when it is made."/>
        <FormFailure refusal=calls.rotate.refusal()/>
        <FormFailure refusal=calls.revoke.refusal()/>
        <FormFailure refusal=calls.delete.refusal()/>
        <Loaded fetched view=move |data| view! { <Content data calls/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<KeyList>, calls: Calls) -> impl IntoView {
    let keys = move || data.with(|data| data.keys.clone());
    let is_empty = Memo::new(move |_| data.with(|data| data.keys.is_empty()));
    view! {
        <JustMade data/>
        {move || {
            if is_empty.get() {
                Either::Left(view! {
                    <Empty title="No keys yet">
                        <p>"A key lets a program read, act or send telemetry. Make one below, then:"</p>
                        <Command text="curl -H \"X-API-Key: rp_…\" http://127.0.0.1:3000/api/v1/health"/>
                    </Empty>
                })
            } else {
                Either::Right(view! { <Table keys/> })
            }
        }}
        <NewKey data action=calls.create/>
    }
}

/// The value of the key that was just made.
#[component]
fn JustMade(data: ReadSignal<KeyList>) -> impl IntoView {
    data.with_untracked(|data| data.just_made.clone()).map(|value| {
        view! {
            <MadeOnce title="The new key" value>
                <p>"Copy it now: it is stored hashed and cannot be shown again."</p>
            </MadeOnce>
        }
    })
}

#[component]
fn Table(#[prop(into)] keys: Items<ApiKey>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="API keys">
            <table class="table">
                <caption class="visually-hidden">"API keys"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Begins with"</th>
                        <th scope="col">"Scopes"</th>
                        <th scope="col" class="number">"Requests a minute"</th>
                        <th scope="col">"Made"</th>
                        <th scope="col">"Expires"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>
                    <Rows items=keys row=line/>
                </tbody>
            </table>
        </div>
    }
}

fn line(key: ApiKey) -> impl IntoView {
    let scopes = key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
    let revoked = key.revoked_at;
    let (name, prefix) = (key.name.clone(), key.prefix.clone());
    view! {
        <tr data-key=name>
            <th scope="row">{name.clone()} {revoked.map(|at| view! { <span class="tag">"revoked " <Ago at/></span> })}</th>
            <td><code>{prefix}"…"</code></td>
            <td>{scopes}</td>
            <td class="number">{format::count(key.rate_limit.into())}</td>
            <td><Ago at=key.created_at/></td>
            <td><MaybeAgo at=key.expires_at/></td>
            <td><MaybeAgo at=key.last_used_at/></td>
            <td class="row-actions"><Acts key/></td>
        </tr>
    }
}

/// What can be done with a key. A revoked one can only be removed.
#[component]
fn Acts(key: ApiKey) -> impl IntoView {
    let calls = expect_context::<Calls>();
    let id = key.id.to_string();
    let name = key.name;
    let is_revoked = key.revoked_at.is_some();
    let (rotate_id, revoke_id) = (id.clone(), id.clone());
    if is_revoked {
        Either::Left(view! {
            <Danger
                label="Remove" touches=format!("Removes {name} from this list.") undone="Cannot be undone; the audit trail keeps what it did."
                action=calls.delete
                id=id
                button=format!("Remove {name}")
            />
        })
    } else {
        Either::Right(view! {
            <Danger
                label="Rotate"
                touches=format!("Gives {name} a new value. Programs that send the old one are refused from then on.")
                undone="Undone by giving those programs the new value, which is shown once."
                action=calls.rotate
                id=rotate_id
                button=format!("Rotate {name}")
            />
            <Danger
                label="Revoke"
                touches=format!("Stops {name} from working at once. Programs that use it are refused.")
                undone="Cannot be undone; make a new key instead."
                action=calls.revoke
                id=revoke_id
                button=format!("Revoke {name}")
            />
        })
    }
}

const fn about(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read: see everything",
        Scope::Write => "write: see and act, as an operator does",
        Scope::Admin => "admin: govern, as an administrator does",
        Scope::Ingest => "ingest: send telemetry, nothing else",
        Scope::Gateway => "gateway: call models, nothing else",
    }
}

#[component]
fn NewKey(data: ReadSignal<KeyList>, action: Call) -> impl IntoView {
    let refusal = action.refusal();
    let teams: Vec<Team> = data.with_untracked(|data| data.teams.clone());
    let scopes =
        Scope::ALL.iter().map(|&scope| view! { <Check name="scopes[]" value=scope.as_str() label=about(scope)/> });
    let scopes = scopes.collect_view();
    view! {
        <section class="card" aria-labelledby="new-key">
            <h2 id="new-key">"Make a key"</h2>
            <FormFailure refusal/>
            <CallForm action class="form">
                <Field name="name" label="Name" help="Where it is used, for example ci or prometheus." is_required=true refusal/>
                <fieldset>
                    <legend>"Scopes"</legend>
                    {scopes}
                </fieldset>
                <Field name="expires_in_days" label="Expires in days" kind="number" help="Empty: never." refusal/>
                <Field
                    name="rate_limit"
                    label="Requests a minute"
                    kind="number"
                    value=DEFAULT_RATE_LIMIT.to_string()
                    help="Calls over it are answered with 429."
                    refusal
                />
                <Choice name="team_id" label="Team" options=team_options(&teams) refusal/>
                <Submit label="Make key"/>
            </CallForm>
        </section>
    }
}
