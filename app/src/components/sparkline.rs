//! The recent course of a figure, without axes.

use leptos::either::Either;

use crate::geometry;
use crate::prelude::*;

/// Width and height of the drawing; the style sheet sets the size on the page.
const BOX: (f64, f64) = (120.0, 28.0);

/// From so many points on the space below the line is filled; with fewer it would look like a finding.
const FILLED_FROM: usize = 4;

/// A sparkline; a word while there are too few points for a line. Decoration for the figure beside it, so hidden from screen readers.
#[component]
pub(crate) fn Sparkline(values: Vec<f64>, #[prop(optional)] class: &'static str) -> impl IntoView {
    if values.len() < 2 {
        let word = (!values.is_empty()).then_some("collecting");
        return Either::Left(view! { <p class=format!("spark muted small {class}") aria-hidden="true">{word}</p> });
    }
    let line = geometry::spark(&values, BOX.0, BOX.1);
    let is_filled = values.len() >= FILLED_FROM;
    let area = if is_filled { format!("{line}L{} {}L0 {}Z", BOX.0, BOX.1, BOX.1) } else { String::new() };
    Either::Right(view! {
        <svg class=format!("spark {class}") viewBox="0 -2 120 32" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class="spark-area" d=area></path>
            <path class="spark-line" d=line></path>
        </svg>
    })
}
