//! The form of a new person.

use leptos::html;
use leptos::prelude::*;

use super::Shared;
use crate::components::{Choice, Field, FormFailure, Submit, failure_of, reset_after};
use crate::pages::roles::role_options;
use crate::pages::team_options::team_options;

/// The form.
#[component]
pub(super) fn NewUser() -> impl IntoView {
    let Shared { calls, people } = expect_context();
    let refusal = failure_of(calls.create);
    let form = NodeRef::<html::Form>::new();
    reset_after(calls.create, form);
    let teams = people.with_untracked(|people| team_options(&people.teams));
    view! {
        <section class="card" aria-labelledby="new-user">
            <h2 id="new-user">"Add a person"</h2>
            <FormFailure refusal/>
            <ActionForm action=calls.create node_ref=form attr:class="form">
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
                <Submit label="Add person" pending=calls.create.pending()/>
            </ActionForm>
        </section>
    }
}
