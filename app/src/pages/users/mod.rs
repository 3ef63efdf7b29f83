//! People and teams: who may come in, and what they may do.

mod new_user;
mod teams;
mod user_row;

use domain::user::{ResetLink, User};
use leptos::prelude::*;

use crate::components::{FormFailure, Loaded, MadeOnce, PageHead, Rows, failure_of, on_success};
use crate::rpc::Answer;
use crate::rpc::team::{CreateTeam, DeleteTeam, RenameTeam};
use crate::rpc::user::{CreateUser, DeleteUser, MakeResetLink, People, UpdateUser, people};

/// The calls of this page; shared by all rows, so that a refusal is shown once.
#[derive(Clone, Copy)]
struct Calls {
    create: ServerAction<CreateUser>,
    update: ServerAction<UpdateUser>,
    delete: ServerAction<DeleteUser>,
    link: ServerAction<MakeResetLink>,
    create_team: ServerAction<CreateTeam>,
    rename_team: ServerAction<RenameTeam>,
    delete_team: ServerAction<DeleteTeam>,
}

/// What the rows need beside their own item.
#[derive(Clone, Copy)]
struct Shared {
    calls: Calls,
    people: Signal<People>,
}

/// The page.
#[component]
pub(crate) fn UsersPage() -> impl IntoView {
    let fetched = Resource::new(|| (), |()| people());
    let calls = Calls {
        create: ServerAction::new(),
        update: ServerAction::new(),
        delete: ServerAction::new(),
        link: ServerAction::new(),
        create_team: ServerAction::new(),
        rename_team: ServerAction::new(),
        delete_team: ServerAction::new(),
    };
    let refresh = move || fetched.refetch();
    on_success(calls.create, refresh);
    on_success(calls.update, refresh);
    on_success(calls.delete, refresh);
    on_success(calls.link, refresh);
    on_success(calls.create_team, refresh);
    on_success(calls.rename_team, refresh);
    on_success(calls.delete_team, refresh);
    view! {
        <PageHead title="Users and teams" lead="Viewers read, operators act, administrators govern."/>
        <FormFailure refusal=failure_of(calls.update)/>
        <FormFailure refusal=failure_of(calls.delete)/>
        <FormFailure refusal=failure_of(calls.link)/>
        <FormFailure refusal=failure_of(calls.rename_team)/>
        <FormFailure refusal=failure_of(calls.delete_team)/>
        <Loaded fetched view=move |data| view! { <Content data calls/> }/>
    }
}

#[component]
fn Content(data: Signal<People>, calls: Calls) -> impl IntoView {
    provide_context(Shared { calls, people: data });
    let users = Signal::derive(move || data.with(|data| data.users.clone()));
    view! {
        <JustMade data calls/>
        <div class="table-scroll" tabindex="0" role="group" aria-label="Users">
            <table class="table">
                <caption class="visually-hidden">"Users"</caption>
                <thead>
                    <tr>
                        <th scope="col">"E-mail"</th>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Team"</th>
                        <th scope="col">"Last log-in"</th>
                        <th scope="col">"Actions"</th>
                    </tr>
                </thead>
                <tbody>
                    <Rows items=users key=|user: &User| user.id.to_string() row=user_row::line/>
                </tbody>
            </table>
        </div>
        <new_user::NewUser/>
        <teams::Teams/>
    }
}

/// The newest one-time link: from the answer with WASM, from the page itself without.
#[component]
fn JustMade(data: Signal<People>, calls: Calls) -> impl IntoView {
    let url = |link: &ResetLink| link.url.clone();
    let value = Memo::new(move |_| {
        let made =
            calls.link.value().with(|answer: &Option<Answer<ResetLink>>| answer.as_ref()?.as_ref().ok().map(url));
        let created = calls.create.value().with(|answer| answer.as_ref()?.as_ref().ok()?.as_ref().map(url));
        made.or(created).or_else(|| data.with_untracked(|data| data.just_made.clone()))
    });
    move || {
        value.get().map(|value| {
            view! {
                <MadeOnce title="The one-time link" value>
                    <p>"Give it to the person over a channel you trust. It works once, and is not shown again."</p>
                </MadeOnce>
            }
        })
    }
}
