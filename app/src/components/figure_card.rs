//! One figure: label, value with unit, change against yesterday, recent course.

use domain::overview::Figure;

use super::Sparkline;
use crate::format;
use crate::prelude::*;

/// A card with one figure.
#[component]
pub(crate) fn FigureCard(figure: Figure) -> impl IntoView {
    let change = format::change(figure.value, figure.yesterday);
    view! {
        <div class="card figure" data-figure=figure.name>
            <h3 class="figure-label">{figure.label}</h3>
            <p class="figure-value">{format::maybe(figure.value, &figure.unit)}</p>
            <p class="figure-change muted">
                {change.map_or_else(|| "no figure from yesterday".to_owned(), |change| format!("{change} against yesterday"))}
            </p>
            <Sparkline values=figure.sparkline/>
        </div>
    }
}
