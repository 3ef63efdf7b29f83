//! From a resource to a view: skeleton, then data that keeps changing in place, or an error with a way on.
//!
//! Always true: what was once shown stays while newer data is fetched; a failed refresh says so and leaves it standing.

use leptos::either::Either;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Failed;
use crate::live;
use crate::rpc::{Answer, Failure};

/// Where a fetched thing is in its life.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Refused,
    Shown,
}

/// Shows `view` with the data once it is there. `topics` are the events after which it is fetched again;
/// an empty list means the data only changes when the page itself changes it.
#[component]
pub(crate) fn Loaded<T, V, F>(
    fetched: Resource<Answer<T>>,
    #[prop(optional)] topics: &'static [&'static str],
    view: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
{
    let attempt = RwSignal::new(0_u32);
    let stale = RwSignal::new(None::<Failure>);
    if !topics.is_empty() {
        live::keep_fresh(move || fetched.refetch(), topics);
    }
    Effect::new(move |stage: Option<Stage>| {
        let stage = stage.unwrap_or(Stage::Waiting);
        match fetched.get() {
            None => stage,
            Some(Ok(_)) => {
                if stage == Stage::Refused {
                    attempt.update(|n| *n += 1);
                }
                stale.set(None);
                Stage::Shown
            }
            Some(Err(failure)) if stage == Stage::Shown => {
                stale.set(Some(failure));
                stage
            }
            Some(Err(_)) => Stage::Refused,
        }
    });
    let body = move || {
        attempt.track();
        let view = view.clone();
        // Untracked, so that a refresh feeds the signal instead of building the view again.
        untrack(move || {
            Suspend::new(async move {
                match fetched.await {
                    Ok(first) => Either::Left(view(following(fetched, first))),
                    Err(failure) => {
                        #[cfg(feature = "ssr")]
                        crate::rpc::page_status(&failure);
                        Either::Right(view! { <Failed failure retry=move || fetched.refetch()/> })
                    }
                }
            })
        })
    };
    view! {
        {move || stale.get().map(|failure| view! { <StaleNotice failure/> })}
        <Transition fallback=|| view! { <Skeleton/> }>{body}</Transition>
    }
}

/// A signal that starts with `first` and takes over every later good answer that differs.
fn following<T>(fetched: Resource<Answer<T>>, first: T) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let data = RwSignal::new(first);
    Effect::new(move |_| {
        if let Some(Ok(next)) = fetched.get()
            && data.with_untracked(|shown| *shown != next)
        {
            data.set(next);
        }
    });
    data.into()
}

#[component]
fn StaleNotice(failure: Failure) -> impl IntoView {
    view! {
        <p class="notice notice-warning" role="status">
            "This is not being refreshed at the moment: " {failure.0.message} ". It is tried again by itself."
        </p>
    }
}

#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">"Loading"</span>
            <div class="skeleton-row"></div>
            <div class="skeleton-block"></div>
            <div class="skeleton-block"></div>
        </div>
    }
}
