//! An error where content should be: what, since when, and what to do.
//!
//! Always true: it names what went wrong; the way on works without WASM.

use domain::error::ErrorCode;
use leptos_router::hooks::use_location;

use crate::format;
use crate::now::use_now;
use crate::prelude::*;
use crate::rpc::Failure;

/// An error in place of content; the link asks again.
#[component]
pub(crate) fn Failed(failure: Failure) -> impl IntoView {
    let error = failure.0;
    let (title, hint) = explain(error.code);
    let since = use_now().map(format::instant);
    let location = use_location();
    let here = move || {
        location.search.with(|search| {
            if search.is_empty() { location.pathname.get() } else { format!("{}?{search}", location.pathname.get()) }
        })
    };
    let is_logged_out = error.code == ErrorCode::NotAuthenticated;
    view! {
        <section class="failed" role="alert">
            <h2>{title}</h2>
            <p>{error.message} "."</p>
            <p class="muted">{hint}</p>
            <dl class="facts">
                {since.map(|since| view! { <div><dt>"Since"</dt><dd>{since}</dd></div> })}
                {error.request_id.map(|id| view! { <div><dt>"Request"</dt><dd><code>{id}</code></dd></div> })}
            </dl>
            <p class="actions">
                {if is_logged_out {
                    leptos::either::Either::Left(view! { <a class="button primary" href="/login" rel="external">"Log in"</a> })
                } else {
                    leptos::either::Either::Right(view! { <a class="button primary" href=here>"Try again"</a> })
                }}
            </p>
        </section>
    }
}

const fn explain(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::NotAuthenticated => {
            ("You are not logged in (any more)", "Log in again; you come back to where you were going.")
        }
        ErrorCode::Forbidden => (
            "Your role does not allow this",
            "An administrator can give you another role under Settings, Users and teams.",
        ),
        ErrorCode::NotFound => {
            ("There is nothing at this address", "It may have been removed, or the address has a typing error.")
        }
        ErrorCode::RateLimited => ("Too many requests", "Wait a moment, then try again."),
        ErrorCode::Unavailable | ErrorCode::Timeout => (
            "Not reachable at the moment",
            "The System page and /readyz say which part is down. It recovers by itself when that part is back.",
        ),
        ErrorCode::Internal => {
            ("An error inside Bellwether", "The server's log has the details under the request's id.")
        }
        _ => ("This could not be read", "Check the address, then try again."),
    }
}
