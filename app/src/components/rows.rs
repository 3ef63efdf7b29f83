//! A list of rows.

use std::sync::Arc;

use crate::prelude::*;

/// Where the items of a list come from.
pub(crate) struct Items<T>(Arc<dyn Fn() -> Vec<T> + Send + Sync>);

impl<T, F: Fn() -> Vec<T> + Send + Sync + 'static> From<F> for Items<T> {
    fn from(items: F) -> Self {
        Self(Arc::new(items))
    }
}

/// Renders each item with `row`.
#[component]
pub(crate) fn Rows<T, V>(#[prop(into)] items: Items<T>, row: fn(T) -> V) -> impl IntoView
where
    T: 'static,
    V: IntoView + 'static,
{
    items.0().into_iter().map(|item| row(item).into_any()).collect_view()
}
