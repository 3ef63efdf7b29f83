//! The first run: whoever comes first becomes the administrator.

use leptos::either::Either;
use leptos_router::components::Redirect;

use super::bare::Bare;
use crate::call::Call;
use crate::components::{CallForm, Field, FormFailure, Submit};
use crate::fetched::suspend;
use crate::prelude::*;
use crate::rpc::auth::SetUpCall;
use crate::session::use_session;

/// The page.
#[component]
pub(crate) fn SetUpPage() -> impl IntoView {
    let session = use_session();
    let body = suspend(async move {
        match session.load().await {
            Ok(session) if !session.is_set_up_needed => Either::Left(view! { <Redirect path="/login"/> }),
            _ => Either::Right(view! { <SetUpForm/> }),
        }
    });
    view! {
        <Bare title="Set up Bellwether" lead="There is no user yet. This makes the first administrator.">
            <Suspense>{body}</Suspense>
        </Bare>
    }
}

#[component]
fn SetUpForm() -> impl IntoView {
    let action = Call::to::<SetUpCall>();
    let refusal = action.refusal();
    view! {
        <FormFailure refusal/>
        <CallForm action class="form">
            <Field name="email" label="E-mail" kind="email" autocomplete="username" is_required=true refusal/>
            <Field
                name="password"
                label="Password"
                kind="password"
                autocomplete="new-password"
                help="12 to 128 characters. A sentence is easier to remember than symbols."
                is_required=true
                refusal
            />
            <Submit label="Create administrator"/>
        </CallForm>
    }
}
