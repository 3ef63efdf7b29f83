//! A list whose rows stay the same elements while their contents change.
//!
//! Always true: a refresh neither moves focus nor flickers; a row is rendered again only when its item differs.

use std::hash::Hash;

use leptos::prelude::*;
use leptos::tachys::view::keyed::SerializableKey;

/// Renders each item with `row`, keyed by `key`.
#[component]
pub(crate) fn Rows<T, K, V>(#[prop(into)] items: Signal<Vec<T>>, key: fn(&T) -> K, row: fn(T) -> V) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Eq + Hash + Clone + SerializableKey + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let child = move |first: T| {
        let own = key(&first);
        let item = Memo::new(move |last: Option<&T>| {
            let found = items.with(|items| items.iter().find(|item| key(item) == own).cloned());
            found.or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
        });
        move || row(item.get())
    };
    view! { <For each=move || items.get() key=key children=child/> }
}
