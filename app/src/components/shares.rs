//! What each detector contributed to a score, as one bar and as words.

use std::collections::BTreeMap;

use crate::format;
use crate::prelude::*;

/// The bar of shares with its legend.
#[component]
pub(crate) fn Shares(shares: BTreeMap<String, f64>) -> impl IntoView {
    let mut shares: Vec<_> = shares.into_iter().filter(|(_, share)| *share > 0.0).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut start = 0.0;
    let bars = shares.iter().enumerate().map(|(i, (_, share))| {
        let x = start * 100.0;
        start += share;
        view! { <rect class=format!("series-{}", i % 7 + 1) x=format!("{x:.2}%") width=format!("{:.2}%", share * 100.0) height="100%"></rect> }
    });
    let bars = bars.collect_view();
    let legend = shares.into_iter().enumerate().map(|(i, (detector, share))| {
        view! {
            <li>
                <span class=format!("swatch series-{}", i % 7 + 1) aria-hidden="true"></span>
                {detector.replace('_', " ")} " " <b>{format::share(share)}</b>
            </li>
        }
    });
    view! {
        <div class="shares">
            <svg class="shares-bar" aria-hidden="true" focusable="false">{bars}</svg>
            <ul class="legend">{legend.collect_view()}</ul>
        </div>
    }
}
