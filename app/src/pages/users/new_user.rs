//! The form of a new person.

use super::Shared;
use crate::components::{CallForm, Choice, Field, FormFailure, Submit};
use crate::pages::roles::role_options;
use crate::pages::team_options::team_options;
use crate::prelude::*;

/// The form.
#[component]
pub(super) fn NewUser() -> impl IntoView {
    let Shared { calls, people } = expect_context();
    let refusal = calls.create.refusal();
    let teams = people.with_untracked(|people| team_options(&people.teams));
    view! {
        <section class="card" aria-labelledby="new-user">
            <h2 id="new-user">"Add a person"</h2>
            <FormFailure refusal/>
            <CallForm action=calls.create class="form">
                <Field name="email" label="E-mail" kind="email" is_required=true refusal/>
                <Field name="name" label="Name" refusal/>
                <Choice name="role" label="Role" options=role_options() refusal/>
                <Choice name="team_id" label="Team" options=teams refusal/>
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    help="Empty: you get a one-time link with which the person sets it."
                    refusal
                />
                <Submit label="Add person"/>
            </CallForm>
        </section>
    }
}
