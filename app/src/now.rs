//! Now, as the server knows it while it renders a page.
//!
//! Always true: one instant for a whole page, so that nothing in it contradicts itself.

use domain::Time;

use crate::format;
use crate::prelude::*;

/// The instant, in context.
#[derive(Clone, Copy, Debug)]
struct Now(Time);

/// Settles the instant of this page.
pub(crate) fn provide_now(now: Time) {
    provide_context(Now(now));
}

/// The instant. Where none was provided (log-in pages) nothing is relative.
pub(crate) fn use_now() -> Option<Time> {
    use_context::<Now>().map(|Now(now)| now)
}

/// How long ago, with the exact instant on hover and for machines.
#[component]
pub(crate) fn Ago(at: Time) -> impl IntoView {
    let text = use_now().map_or_else(|| format::instant(at), |now| format::relative(at, now));
    view! { <time datetime=format::rfc3339(at) title=format::instant(at)>{text}</time> }
}

/// [`Ago`], or words for never.
#[component]
pub(crate) fn MaybeAgo(at: Option<Time>, #[prop(default = "never")] never: &'static str) -> impl IntoView {
    match at {
        Some(at) => leptos::either::Either::Left(view! { <Ago at/> }),
        None => leptos::either::Either::Right(view! { <span class="muted">{never}</span> }),
    }
}
