//! Now, as a value the server sends and the browser keeps going.
//!
//! Always true: the first render uses the server's instant on both sides; only effects move it.

use domain::Time;

use crate::format;
use crate::prelude::*;

/// The moving instant, in context.
#[derive(Clone, Copy, Debug)]
struct Now(RwSignal<Time>);

/// Starts from the server's instant.
pub(crate) fn provide_now(now: Time) {
    let signal = RwSignal::new(now);
    provide_context(Now(signal));
    #[cfg(feature = "hydrate")]
    crate::browser::clock::keep_going(signal, now);
}

/// The moving instant. Where none was provided (log-in pages) nothing is relative.
pub(crate) fn use_now() -> Option<Signal<Time>> {
    use_context::<Now>().map(|Now(signal)| signal.into())
}

/// How long ago, with the exact instant on hover and for machines.
#[component]
pub(crate) fn Ago(at: Time) -> impl IntoView {
    let now = use_now();
    let text = move || now.map_or_else(|| format::instant(at), |now| format::relative(at, now.get()));
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
