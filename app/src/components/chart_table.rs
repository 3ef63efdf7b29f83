//! The numbers of a chart as a table, folded under it: for screen readers and for reading off.

use domain::Time;
use domain::overview::Chart;

use super::line_chart::line_label;
use crate::format;
use crate::prelude::*;

/// The most rows; a longer line is thinned evenly, its newest point kept.
const ROWS: usize = 24;

/// The table. Only as large as a person reads.
#[component]
pub(super) fn ChartTable(chart: Signal<Chart>) -> impl IntoView {
    view! {
        <details class="chart-numbers">
            <summary>"Numbers"</summary>
            <div class="table-scroll" tabindex="0" role="group" aria-label=move || chart.with(|chart| format!("Numbers of {}", chart.metric))>
                <table class="table compact">
                    <caption class="visually-hidden">{move || chart.with(|chart| chart.title.clone())}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Time (UTC)"</th>
                            {move || chart.with(heads)}
                        </tr>
                    </thead>
                    <tbody>{move || chart.with(rows)}</tbody>
                </table>
            </div>
        </details>
    }
}

fn heads(chart: &Chart) -> impl IntoView + use<> {
    chart
        .lines
        .iter()
        .map(|line| view! { <th scope="col" class="number">{line_label(chart, line)}</th> })
        .collect_view()
}

fn rows(chart: &Chart) -> impl IntoView + use<> {
    let longest = chart.lines.iter().max_by_key(|line| line.times.len());
    let times = longest.map(|line| line.times.clone()).unwrap_or_default();
    let rows = newest(times.len()).into_iter().map(|i| {
        let ms = times.get(i).copied().unwrap_or_default();
        let at = Time::from_timestamp_millis(ms);
        let cells = chart.lines.iter().map(|line| {
            let value = line.times.binary_search(&ms).ok().and_then(|i| line.values.get(i).copied().flatten());
            view! { <td class="number">{format::maybe(value, &chart.unit)}</td> }
        });
        view! {
            <tr>
                <th scope="row">{at.map(|at| at.format("%m-%d %H:%M:%S").to_string())}</th>
                {cells.collect_view()}
            </tr>
        }
    });
    rows.collect_view()
}

/// Indices of at most [`ROWS`] evenly spread points, newest first.
fn newest(n: usize) -> Vec<usize> {
    let step = n.div_ceil(ROWS).max(1);
    (0..n).rev().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_thinned_and_keeps_its_newest_point() {
        assert_eq!(newest(3), [2, 1, 0]);
        assert!(newest(0).is_empty());
        let many = newest(1_000);
        assert!(many.len() <= ROWS && many[0] == 999);
    }
}
