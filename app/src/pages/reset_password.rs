//! A new password by the one-time link an administrator made. The token is in the address.

use leptos_router::hooks::use_query_map;

use super::bare::Bare;
use crate::call::Call;
use crate::components::{CallForm, Field, FormFailure, Submit};
use crate::prelude::*;
use crate::rpc::auth::ResetPasswordCall;

/// The page.
#[component]
pub(crate) fn ResetPasswordPage() -> impl IntoView {
    let action = Call::to::<ResetPasswordCall>();
    let refusal = action.refusal();
    let query = use_query_map();
    let token = move || query.read().get("token").unwrap_or_default();
    let is_missing = move || token().is_empty();
    view! {
        <Bare title="Set a new password" lead="The link works once, and for a limited time.">
            {move || {
                is_missing()
                    .then(|| view! { <p class="notice notice-error" role="alert">"This address has no token. Open the whole link as you received it."</p> })
            }}
            <FormFailure refusal/>
            <CallForm action class="form">
                <input type="hidden" name="input[token]" value=token/>
                <Field
                    name="new_password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    help="12 to 128 characters."
                    is_required=true
                    refusal
                />
                <Submit label="Set password"/>
            </CallForm>
        </Bare>
    }
}
