//! The recent course of a figure, without axes.

use crate::geometry;
use crate::prelude::*;

/// Width and height of the drawing; the style sheet sets the size on the page.
const BOX: (f64, f64) = (120.0, 28.0);

/// A sparkline. Decoration for the figure beside it, so hidden from screen readers.
#[component]
pub(crate) fn Sparkline(values: Vec<f64>, #[prop(optional)] class: &'static str) -> impl IntoView {
    let line = geometry::spark(&values, BOX.0, BOX.1);
    let area = if line.is_empty() { String::new() } else { format!("{line}L{} {}L0 {}Z", BOX.0, BOX.1, BOX.1) };
    view! {
        <svg class=format!("spark {class}") viewBox="0 -2 120 32" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="spark-area" d=area></path>
            <path class="spark-line" d=line></path>
        </svg>
    }
}
