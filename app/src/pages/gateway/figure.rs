//! Figures and amounts, the same on every page of the gateway.

use crate::format;
use crate::prelude::*;

/// An amount in dollars: to the cent, or as far as it takes to say something.
pub(super) fn dollars(usd: f64) -> String {
    if usd == 0.0 || usd.abs() >= 0.01 { format!("${usd:.2}") } else { format!("${}", format::number(usd)) }
}

/// A row of cards: what it is, the figure, and a note.
pub(super) fn cards<const N: usize>(figures: [(&'static str, String, String); N]) -> AnyView {
    let figures = figures.map(|(label, value, note)| {
        view! {
            <div class="card figure">
                <h3 class="figure-label">{label}</h3>
                <p class="figure-value">{value}</p>
                <p class="figure-change muted">{note}</p>
            </div>
        }
    });
    view! { <div class="cards cards-small">{figures.into_iter().collect_view()}</div> }
}

#[cfg(test)]
mod tests {
    use super::dollars;

    #[test]
    fn a_small_amount_is_not_nothing() {
        assert_eq!([0.0, 12.5, 0.01, 0.000_42].map(dollars), ["$0.00", "$12.50", "$0.01", "$4.2e-4"]);
    }
}
