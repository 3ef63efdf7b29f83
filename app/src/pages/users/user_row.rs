//! One person in the table, with what can be changed of them.

use domain::user::User;

use super::Shared;
use crate::components::{CallForm, Check, Choice, Danger, Field, Submit};
use crate::now::MaybeAgo;
use crate::pages::roles::role_options;
use crate::pages::team_options::{team_options, team_value};
use crate::prelude::*;

pub(super) fn line(user: User) -> impl IntoView {
    let Shared { people, .. } = expect_context();
    let team = people.with_untracked(|people| {
        people.teams.iter().find(|team| Some(team.id) == user.team_id).map(|team| team.name.clone())
    });
    let (email, name) = (user.email.clone(), user.name.clone());
    view! {
        <tr data-user=email>
            <th scope="row">{email.clone()} {user.is_disabled.then(|| view! { " " <span class="tag">"switched off"</span> })}</th>
            <td>{name}</td>
            <td>{user.role.as_str()}</td>
            <td>{team}</td>
            <td><MaybeAgo at=user.last_login_at/></td>
            <td class="row-actions"><Acts user/></td>
        </tr>
    }
}

#[component]
fn Acts(user: User) -> impl IntoView {
    let Shared { calls, people } = expect_context();
    let refusal = calls.update.refusal();
    let id = user.id.to_string();
    let teams = people.with_untracked(|people| team_options(&people.teams));
    let email = user.email;
    let (edited, save) = (id.clone(), format!("Save {email}"));
    view! {
        <details class="fold">
            <summary>"Edit"</summary>
            <CallForm action=calls.update class="form">
                <input type="hidden" name="id" value=edited.clone()/>
                <Field name="name" label="Name" value=user.name scope=edited.clone() refusal/>
                <Choice name="role" label="Role" options=role_options() value=user.role.as_str() scope=edited.clone() refusal/>
                <Choice name="team_id" label="Team" options=teams value=team_value(user.team_id) scope=edited.clone() refusal/>
                <Check name="is_disabled" label="Switched off: cannot log in" is_checked=user.is_disabled/>
                <Submit label=save/>
            </CallForm>
        </details>
        <Danger
                label="New password"
            touches=format!("Makes a one-time link with which {email} sets a new password.")
            undone="An older link stops working. The present password works until the link is used."
                action=calls.link
                id=id.clone()
                button=format!("Make link for {email}")
            />
        <Danger
                label="Remove"
            touches=format!("Removes {email} and ends their log-ins.")
            undone="Cannot be undone; the audit trail keeps what they did. To keep the person, switch them off instead."
                action=calls.delete
                id=id
                button=format!("Remove {email}")
            />
    }
}
