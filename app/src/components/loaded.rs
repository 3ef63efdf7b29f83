//! From a resource to a view: skeleton, then data that keeps changing in place, or an error with a way on.
//!
//! Always true: what was once shown stays while newer data is fetched; a failed refresh says so and leaves it standing.

use std::sync::Arc;

use leptos::either::Either;
use serde::de::DeserializeOwned;

use super::Failed;
use crate::fetched::{Fetched, WireResource, suspend};
use crate::live;
use crate::prelude::*;
use crate::rpc::{Answer, Failure, Wire};

/// Where a fetched thing is in its life.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Refused,
    Shown,
}

/// What makes a view of the first good answer.
type Draw = Arc<dyn Fn(&Wire) -> Answer<AnyView> + Send + Sync>;

/// Shows `view` with the data once it is there. `topics` are the events after which it is fetched again;
/// an empty list means the data only changes when the page itself changes it.
#[component]
pub(crate) fn Loaded<T, V, F>(
    fetched: Fetched<T>,
    #[prop(optional)] topics: &'static [&'static str],
    view: F,
) -> impl IntoView
where
    T: DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(ReadSignal<T>) -> V + Send + Sync + 'static,
{
    frame(fetched.wire(), topics, Arc::new(move |first| Ok(view(fetched.follow(first)?).into_any())))
}

fn frame(wire: WireResource, topics: &'static [&'static str], draw: Draw) -> impl IntoView {
    let attempt = RwSignal::new(0_u32);
    let stale = RwSignal::new(None::<Failure>);
    if !topics.is_empty() {
        live::keep_fresh(move || wire.refetch(), topics);
    }
    Effect::new(move |stage: Option<Stage>| {
        let stage = stage.unwrap_or(Stage::Waiting);
        match wire.get() {
            None => stage,
            Some(Wire(Ok(_))) => {
                if stage == Stage::Refused {
                    attempt.update(|n| *n += 1);
                }
                stale.set(None);
                Stage::Shown
            }
            Some(Wire(Err(failure))) if stage == Stage::Shown => {
                stale.set(Some(failure));
                stage
            }
            Some(Wire(Err(_))) => Stage::Refused,
        }
    });
    let body = move || {
        attempt.track();
        let draw = Arc::clone(&draw);
        // Untracked, so that a refresh feeds the signal instead of building the view again.
        untrack(move || {
            suspend(async move {
                match draw(&wire.await) {
                    Ok(content) => Either::Right(content),
                    Err(failure) => {
                        #[cfg(feature = "ssr")]
                        crate::rpc::page_status(&failure);
                        Either::Left(view! { <Failed failure retry=Box::new(move || wire.refetch())/> })
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
