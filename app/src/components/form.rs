//! What every form has: its refusal in words, a button that waits, a word when it worked.
//!
//! Always true: without WASM the same refusal comes back in the address and is shown in the same place.

use domain::error::ApiError;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::field::Refusal;
use crate::rpc::Failure;

/// The refusal of an action, if the last call was refused.
pub(crate) fn failure_of<S>(action: ServerAction<S>) -> Refusal
where
    S: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    Signal::derive(move || {
        action.value().with(|value| match value {
            Some(Err(Failure(error))) => Some(error.clone()),
            _ => None,
        })
    })
}

/// Runs after each call that succeeded.
pub(crate) fn on_success<S>(action: ServerAction<S>, run: impl Fn() + Send + Sync + 'static)
where
    S: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    Effect::new(move |seen: Option<usize>| {
        let version = action.version().get();
        let is_good = action.value().with_untracked(|value| matches!(value, Some(Ok(_))));
        if seen.is_some_and(|seen| seen != version) && is_good {
            run();
        }
        version
    });
}

/// Empties a form after a call that succeeded.
pub(crate) fn reset_after<S>(action: ServerAction<S>, form: NodeRef<html::Form>)
where
    S: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    on_success(action, move || {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
    });
}

/// What was refused, above the form; what concerns a field stands beside it too.
#[component]
pub(crate) fn FormFailure(refusal: Refusal) -> impl IntoView {
    view! {
        <div role="alert">
            {move || refusal.get().map(|error| view! { <p class="notice notice-error">{sentence(&error)}</p> })}
        </div>
    }
}

fn sentence(error: &ApiError) -> String {
    let mut text = if error.fields.is_empty() {
        error.message.clone()
    } else {
        let fields = error.fields.iter().map(|field| format!("{} {}", field.field.replace('_', " "), field.message));
        format!("Not accepted: {}", fields.collect::<Vec<_>>().join("; "))
    };
    if let Some(seconds) = error.retry_after_secs {
        text.push_str(&format!(". Try again in {seconds} s"));
    }
    if let Some(id) = &error.request_id {
        text.push_str(&format!(" (request {id})"));
    }
    text
}

/// The button of a form. While the call is under way it waits instead of sending twice.
#[component]
pub(crate) fn Submit(
    #[prop(into)] label: String,
    #[prop(into)] pending: Signal<bool>,
    #[prop(default = "primary")] class: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class=class disabled=move || pending.get()>
            {label}
        </button>
    }
}

/// A word after a call that succeeded.
#[component]
pub(crate) fn Saved<S>(action: ServerAction<S>, word: &'static str) -> impl IntoView
where
    S: ServerFn<Error = Failure> + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    let is_good = move || action.value().with(|value| matches!(value, Some(Ok(_))));
    view! { <span class="saved" role="status">{move || is_good().then_some(word)}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::error::{ErrorCode, FieldError};

    #[test]
    fn a_refusal_is_a_sentence_that_mends() {
        let fields = vec![FieldError { field: "rate_limit".into(), message: "must be between 1 and 9".into() }];
        assert_eq!(sentence(&ApiError::invalid(fields)), "Not accepted: rate limit must be between 1 and 9");
        let slow = ApiError { retry_after_secs: Some(5), ..ApiError::new(ErrorCode::RateLimited, "too many attempts") };
        assert_eq!(sentence(&slow), "too many attempts. Try again in 5 s");
    }
}
