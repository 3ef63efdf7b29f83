//! What every form has: its refusal in words, a button that waits, a word when it worked.
//!
//! Always true: a refusal comes back in the address of the page, and is shown in the same place with and without scripts.

use domain::error::ApiError;

use crate::call::{Call, Refusal};
use crate::prelude::*;

/// A form that makes a call.
#[component]
pub(crate) fn CallForm(
    action: Call,
    #[prop(optional)] class: Option<&'static str>,
    #[prop(optional)] label: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <form action=action.path() method="post" class=class aria-label=label>
            {children()}
        </form>
    }
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
pub(crate) fn Submit(#[prop(into)] label: String, #[prop(default = "primary")] class: &'static str) -> impl IntoView {
    view! { <button type="submit" class=class>{label}</button> }
}

/// A word after a call that succeeded without leaving the page; said by the page's own script.
#[component]
pub(crate) fn Saved(word: &'static str) -> impl IntoView {
    view! { <span class="saved" role="status" data-saved=word></span> }
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
