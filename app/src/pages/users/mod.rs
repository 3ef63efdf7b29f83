//! People and teams: who may come in, and what they may do.

mod new_user;
mod teams;
mod user_row;

use crate::call::Call;
use crate::components::{FormFailure, Loaded, MadeOnce, PageHead, Rows};
use crate::fetched::fetch;
use crate::prelude::*;
use crate::rpc::team::{CreateTeam, DeleteTeam, RenameTeam};
use crate::rpc::user::{CreateUser, DeleteUser, MakeResetLink, People, PeopleCall, UpdateUser};

/// The calls of this page; shared by all rows, so that a refusal is shown once.
#[derive(Clone, Copy)]
struct Calls {
    create: Call,
    update: Call,
    delete: Call,
    link: Call,
    create_team: Call,
    rename_team: Call,
    delete_team: Call,
}

/// What the rows need beside their own item.
#[derive(Clone, Copy)]
struct Shared {
    calls: Calls,
    people: ReadSignal<People>,
}

/// The page.
#[component]
pub(crate) fn UsersPage() -> impl IntoView {
    let fetched = fetch(|| PeopleCall {});
    let calls = Calls {
        create: Call::to::<CreateUser>(),
        update: Call::to::<UpdateUser>(),
        delete: Call::to::<DeleteUser>(),
        link: Call::to::<MakeResetLink>(),
        create_team: Call::to::<CreateTeam>(),
        rename_team: Call::to::<RenameTeam>(),
        delete_team: Call::to::<DeleteTeam>(),
    };
    view! {
        <PageHead title="Users and teams" lead="Viewers read, operators act, administrators govern."/>
        <FormFailure refusal=calls.update.refusal()/>
        <FormFailure refusal=calls.delete.refusal()/>
        <FormFailure refusal=calls.link.refusal()/>
        <FormFailure refusal=calls.rename_team.refusal()/>
        <FormFailure refusal=calls.delete_team.refusal()/>
        <Loaded fetched view=move |data| view! { <Content data calls/> }/>
    }
}

#[component]
fn Content(data: ReadSignal<People>, calls: Calls) -> impl IntoView {
    provide_context(Shared { calls, people: data });
    let users = move || data.with(|data| data.users.clone());
    view! {
        <JustMade data/>
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
                    <Rows items=users row=user_row::line/>
                </tbody>
            </table>
        </div>
        <new_user::NewUser/>
        <teams::Teams/>
    }
}

/// The one-time link that was just made.
#[component]
fn JustMade(data: ReadSignal<People>) -> impl IntoView {
    data.with_untracked(|data| data.just_made.clone()).map(|value| {
        view! {
            <MadeOnce title="The one-time link" value>
                <p>"Give it to the person over a channel you trust. It works once, and is not shown again."</p>
            </MadeOnce>
        }
    })
}
