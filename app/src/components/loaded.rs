//! From a question to a view: the data, or an error with a way on.
//!
//! Always true: what is shown says what it is about, so that the page is asked for again after an event about that.

use leptos::either::Either;

use super::Failed;
use crate::fetched::{Fetched, suspend};
use crate::prelude::*;

/// Shows `view` with the data. `topics` are the events after which the page is asked for again;
/// an empty list means the data only changes when the page itself changes it.
#[component]
pub(crate) fn Loaded<T, V, F>(
    fetched: Fetched<T>,
    #[prop(optional)] topics: &'static [&'static str],
    view: F,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(ReadSignal<T>) -> V + Send + Sync + 'static,
{
    let body = suspend(async move {
        match fetched.load().await {
            Ok(data) => Either::Right(view(signal(data).0).into_any()),
            Err(failure) => {
                crate::rpc::page_status(&failure);
                Either::Left(view! { <Failed failure/> })
            }
        }
    });
    view! {
        {(!topics.is_empty()).then(|| view! { <template data-live=topics.join(" ")></template> })}
        <Suspense>{body}</Suspense>
    }
}
