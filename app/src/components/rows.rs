//! A list whose rows stay the same elements while their contents change.
//!
//! Always true: a refresh neither moves focus nor flickers; a row is rendered again only when its item differs. The list itself
//! is compiled once, whatever its items are.

use std::any::Any;
use std::sync::Arc;

use crate::prelude::*;

/// Where the items of a list come from.
pub(crate) struct Items<T>(Arc<dyn Fn() -> Vec<T> + Send + Sync>);

impl<T> Clone for Items<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T, F: Fn() -> Vec<T> + Send + Sync + 'static> From<F> for Items<T> {
    fn from(items: F) -> Self {
        Self(Arc::new(items))
    }
}

/// An item with what draws it.
trait Drawn: Send + Sync {
    fn draw(&self) -> AnyView;
    fn is_same(&self, other: &dyn Any) -> bool;
    fn item(&self) -> &dyn Any;
}

struct Row<T, V> {
    item: T,
    draw: fn(T) -> V,
}

impl<T, V> Drawn for Row<T, V>
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    fn draw(&self) -> AnyView {
        (self.draw)(self.item.clone()).into_any()
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>() == Some(&self.item)
    }

    fn item(&self) -> &dyn Any {
        &self.item
    }
}

/// A row of any list.
#[derive(Clone)]
struct Entry {
    key: String,
    row: Arc<dyn Drawn>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.row.is_same(other.row.item())
    }
}

/// Renders each item with `row`, keyed by `key`.
#[component]
pub(crate) fn Rows<T, V>(#[prop(into)] items: Items<T>, key: fn(&T) -> String, row: fn(T) -> V) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let entry = move |item: T| Entry { key: key(&item), row: Arc::new(Row { item, draw: row }) };
    list(Arc::new(move || items.0().into_iter().map(entry).collect()))
}

fn list(entries: Arc<dyn Fn() -> Vec<Entry> + Send + Sync>) -> AnyView {
    let entries = Memo::new(move |_| entries());
    let child = move |first: Entry| {
        let entry = Memo::new(move |last: Option<&Entry>| {
            let found = entries.with(|entries| entries.iter().find(|entry| entry.key == first.key).cloned());
            found.or_else(|| last.cloned()).unwrap_or_else(|| first.clone())
        });
        move || entry.with(|entry| entry.row.draw())
    };
    view! { <For each=move || entries.get() key=|entry| entry.key.clone() children=child/> }.into_any()
}
