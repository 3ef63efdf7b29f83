//! Logging in. Somebody who is already in goes on; where there is nobody yet, set-up comes first.

use leptos::either::Either;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

use super::bare::Bare;
use crate::call::Call;
use crate::components::{CallForm, Field, FormFailure, Submit};
use crate::fetched::suspend;
use crate::prelude::*;
use crate::rpc::auth::LogIn;
use crate::session::{safe_next, use_session};

/// The page.
#[component]
pub(crate) fn LoginPage() -> impl IntoView {
    let session = use_session();
    let query = use_query_map();
    let body = suspend(async move {
        match session.load().await {
            Ok(session) if session.is_set_up_needed => Either::Left(view! { <Redirect path="/set-up"/> }),
            Ok(session) if session.user.is_some() => {
                let next = query.read_untracked().get_str("next").map(safe_next).unwrap_or("/").to_owned();
                Either::Left(view! { <Redirect path=next/> })
            }
            _ => Either::Right(view! { <LoginForm/> }),
        }
    });
    view! {
        <Bare title="Log in" lead="Predictive reliability for AI services.">
            <Suspense>{body}</Suspense>
        </Bare>
    }
}

#[component]
fn LoginForm() -> impl IntoView {
    let action = Call::to::<LogIn>();
    let refusal = action.refusal();
    let query = use_query_map();
    let next = move || query.read().get("next").unwrap_or_default();
    let is_reset = move || query.read().get_str("done") == Some("reset");
    view! {
        {move || is_reset().then(|| view! { <p class="notice" role="status">"Your new password is set. Log in with it."</p> })}
        <FormFailure refusal/>
        <CallForm action class="form">
            <input type="hidden" name="next" value=next/>
            <Field name="email" label="E-mail" kind="email" autocomplete="username" is_required=true refusal/>
            <Field name="password" label="Password" kind="password" autocomplete="current-password" is_required=true refusal/>
            <Submit label="Log in"/>
        </CallForm>
        <p class="muted small">"Forgotten the password? An administrator makes a one-time link under Settings, Users and teams."</p>
    }
}
