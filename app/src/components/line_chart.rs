//! A chart: its title is the finding; drawn as SVG for the first paint, upgraded to ECharts where scripts run.
//!
//! Always true: if the upgrade cannot be loaded, the drawing stays; the numbers are there as a table either way.

use domain::overview::{Chart, Line};

use super::chart_option::option_json;
use super::chart_svg::drawing;
use super::chart_table::ChartTable;
use super::time_range::use_zoom;
use crate::format;
use crate::prelude::*;

/// A chart whose data may change in place.
#[component]
pub(crate) fn LineChart(#[prop(into)] chart: Signal<Chart>) -> impl IntoView {
    let zoom = use_zoom();
    let metric = move || chart.with(|chart| chart.metric.clone());
    // A metric without a name for people is its own title.
    let is_named = move || chart.with(|chart| chart.title != chart.metric);
    let unit = move || chart.with(|chart| format::chart_unit(&chart.unit));
    view! {
        <figure class="card chart" data-metric=metric>
            <figcaption>
                <h3>{move || chart.with(|chart| chart.title.clone())}</h3>
                <p class="muted small">{move || is_named().then(metric)}</p>
            </figcaption>
            <div class="chart-plot">
                <div class="chart-static">{move || chart.with(|chart| drawing(chart, zoom.get()))}</div>
                <div class="chart-live" data-chart-group="page" data-unit=unit aria-hidden="true"></div>
                <script type="application/json" class="chart-option">{move || chart.with(|chart| option_json(chart, zoom.get()))}</script>
            </div>
            <ul class="legend">{move || chart.with(legend)}</ul>
            <ChartTable chart/>
        </figure>
    }
}

/// What a line is called; the only series of a metric has no labels to tell it apart.
pub(crate) fn line_label(chart: &Chart, line: &Line) -> String {
    if line.label.is_empty() { chart.metric.clone() } else { line.label.clone() }
}

fn legend(chart: &Chart) -> impl IntoView + use<> {
    let lines = chart.lines.iter().enumerate().map(|(i, line)| {
        view! {
            <li>
                <span class=format!("swatch series-{}", i % 7 + 1) aria-hidden="true"></span>
                {line_label(chart, line)}
            </li>
        }
    });
    let lines = lines.collect_view();
    let has_band = chart.expected.is_some();
    let has_threshold = chart.threshold.is_some();
    let has_marks = !chart.marks.is_empty();
    view! {
        {lines}
        {has_band.then(|| view! { <li><span class="swatch swatch-band" aria-hidden="true"></span>"expected"</li> })}
        {has_threshold.then(|| view! { <li><span class="swatch swatch-threshold" aria-hidden="true"></span>"objective"</li> })}
        {has_marks.then(|| view! { <li><span class="swatch swatch-mark" aria-hidden="true"></span>"anomaly"</li> })}
    }
}
