//! One's own password and log-ins.

use leptos_router::hooks::use_query_map;

use crate::call::Call;
use crate::components::{CallForm, Danger, Field, FormFailure, PageHead, Submit};
use crate::prelude::*;
use crate::rpc::auth::{ChangePasswordCall, LogOutEverywhere};

/// The page.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    view! {
        <PageHead title="Account" lead="Your own password and log-ins."/>
        <Password/>
        <LogIns/>
    }
}

#[component]
fn Password() -> impl IntoView {
    let action = Call::to::<ChangePasswordCall>();
    let refusal = action.refusal();
    let query = use_query_map();
    let is_done = move || query.read().get_str("done") == Some("password");
    view! {
        <section class="card" aria-labelledby="password">
            <h2 id="password">"Change password"</h2>
            {move || is_done().then(|| view! { <p class="notice" role="status">"Your password is changed. Your other log-ins have ended."</p> })}
            <FormFailure refusal/>
            <CallForm action class="form">
                <Field name="current_password" label="Current password" kind="password" autocomplete="current-password" is_required=true refusal/>
                <Field
                    name="new_password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    help="12 to 128 characters. Your other log-ins end."
                    is_required=true
                    refusal
                />
                <Submit label="Change password"/>
            </CallForm>
        </section>
    }
}

#[component]
fn LogIns() -> impl IntoView {
    let action = Call::to::<LogOutEverywhere>();
    view! {
        <section class="card" aria-labelledby="log-ins">
            <h2 id="log-ins">"Log-ins"</h2>
            <FormFailure refusal=action.refusal()/>
            <Danger
                label="Log out everywhere"
                touches="Ends every log-in of yours, on every device, this one too. Bearer tokens from earlier log-ins stop working."
                undone="Undone by logging in again. API keys are not touched."
                action
                button="Log out everywhere"
            />
        </section>
    }
}
