//! Teams: the namespaces that services, people and keys belong to.

use domain::user::Team;
use leptos::either::Either;

use super::Shared;
use crate::components::{CallForm, Danger, Empty, Field, FormFailure, Items, Rows, Submit};
use crate::now::Ago;
use crate::prelude::*;

/// The list and the form of a new one.
#[component]
pub(super) fn Teams() -> impl IntoView {
    let Shared { calls, people } = expect_context();
    let teams = move || people.with(|people| people.teams.clone());
    let is_empty = Memo::new(move |_| people.with(|people| people.teams.is_empty()));
    let refusal = calls.create_team.refusal();
    view! {
        <section class="card" aria-labelledby="teams">
            <h2 id="teams">"Teams"</h2>
            {move || {
                if is_empty.get() {
                    Either::Left(view! { <Empty title="No teams yet"><p>"A team says whom a service belongs to. Add the first below."</p></Empty> })
                } else {
                    Either::Right(view! { <Table teams/> })
                }
            }}
            <FormFailure refusal/>
            <CallForm action=calls.create_team class="form form-line">
                <Field name="name" label="New team" scope="new-team" is_required=true refusal/>
                <Submit label="Add team"/>
            </CallForm>
        </section>
    }
}

#[component]
fn Table(#[prop(into)] teams: Items<Team>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Teams">
            <table class="table">
                <caption class="visually-hidden">"Teams"</caption>
                <thead>
                    <tr><th scope="col">"Name"</th><th scope="col">"Made"</th><th scope="col">"Actions"</th></tr>
                </thead>
                <tbody><Rows items=teams row=line/></tbody>
            </table>
        </div>
    }
}

fn line(team: Team) -> impl IntoView {
    let Shared { calls, .. } = expect_context();
    let id = team.id.to_string();
    let name = team.name;
    let (edited, old_name, shown, rename) = (id.clone(), name.clone(), name.clone(), format!("Rename {name}"));
    view! {
        <tr data-team=name>
            <th scope="row">{shown}</th>
            <td><Ago at=team.created_at/></td>
            <td class="row-actions">
                <details class="fold">
                    <summary>"Rename"</summary>
                    <CallForm action=calls.rename_team class="form">
                        <input type="hidden" name="id" value=edited.clone()/>
                        <Field name="name" label="Name" value=old_name scope=edited is_required=true refusal=calls.rename_team.refusal()/>
                        <Submit label=rename/>
                    </CallForm>
                </details>
                <Danger
                label="Remove"
                    touches=format!("Removes the team {name}. Its services, people and keys stay and belong to no team.")
                    undone="Undone by making it again and assigning it again."
                action=calls.delete_team
                id=id
                button=format!("Remove team {name}")
            />
            </td>
        </tr>
    }
}
