//! The drawing of a chart for the first paint: plain SVG with axis, band, threshold and marks.
//!
//! Always true: no style attributes (the content policy forbids them); text keeps its size at every width.

use domain::Time;
use domain::overview::Chart;
use leptos::either::Either;

use super::line_chart::line_label;
use super::time_range::Zoom;
use crate::format;
use crate::geometry::{Axis, path, place, range, time_ticks, value_axis};
use crate::prelude::*;

/// Height of the plot in pixels; below it stand the times.
const PLOT: f64 = 176.0;
/// The width the paths are drawn in; the plot stretches it to the page.
const WIDTH: f64 = 1_000.0;

struct Scale {
    times: (f64, f64),
    axis: Axis,
}

impl Scale {
    fn x(&self, ms: i64) -> f64 {
        place(as_f64(ms), self.times, WIDTH)
    }

    fn y(&self, value: f64) -> f64 {
        PLOT - place(value, (self.axis.low, self.axis.high), PLOT)
    }
}

#[expect(clippy::cast_precision_loss, reason = "Unix milliseconds are far below 2^52")]
const fn as_f64(ms: i64) -> f64 {
    ms as f64
}

/// The drawing, or a word when there is nothing to draw.
pub(super) fn drawing(chart: &Chart, zoom: Zoom) -> impl IntoView + use<> {
    match scale(chart, zoom) {
        Some(scale) => Either::Left(plot(chart, &scale)),
        None => Either::Right(view! { <p class="chart-empty muted">"No samples in this range."</p> }),
    }
}

fn scale(chart: &Chart, zoom: Zoom) -> Option<Scale> {
    let axis = value_axis(chart)?;
    let all = || range(chart.lines.iter().flat_map(|line| line.times.iter().map(|ms| as_f64(*ms))));
    let times = zoom.map(|(from, to)| (as_f64(from), as_f64(to))).or_else(all)?;
    Some(Scale { times, axis })
}

fn plot(chart: &Chart, scale: &Scale) -> impl IntoView + use<> {
    view! {
        <svg class="chart-svg" width="100%" height="200" role="img" aria-label=summary(chart)>
            <svg x="0" y="0" width="100%" height=PLOT viewBox=format!("0 0 {WIDTH} {PLOT}") preserveAspectRatio="none">
                {marks(chart, scale)}
                {band(chart, scale)}
                {grid(scale)}
                {chart.threshold.map(|value| rule("threshold", scale.y(value)))}
                {lines(chart, scale)}
            </svg>
            {value_labels(chart, scale)}
            {time_labels(scale)}
        </svg>
    }
}

fn rule(class: &'static str, y: f64) -> impl IntoView {
    view! { <path class=class d=format!("M0 {y:.1}H{WIDTH}")></path> }
}

fn grid(scale: &Scale) -> impl IntoView + use<> {
    scale.axis.ticks.iter().map(|tick| rule("grid", scale.y(*tick))).collect_view()
}

fn band(chart: &Chart, scale: &Scale) -> impl IntoView + use<> {
    chart.expected.map(|(low, high)| {
        let (top, bottom) = (scale.y(high), scale.y(low));
        view! { <rect class="band" x="0" width=WIDTH y=format!("{top:.1}") height=format!("{:.1}", (bottom - top).max(1.0))></rect> }
    })
}

fn marks(chart: &Chart, scale: &Scale) -> impl IntoView + use<> {
    let marks = chart.marks.iter().map(|mark| {
        let from = scale.x(mark.from_ms).clamp(0.0, WIDTH);
        let to = mark.to_ms.map_or(WIDTH, |to| scale.x(to)).clamp(0.0, WIDTH);
        let label = mark.label.clone();
        view! {
            <rect class="mark-area" x=format!("{from:.1}") width=format!("{:.1}", (to - from).max(2.0)) y="0" height=PLOT>
                <title>{label}</title>
            </rect>
        }
    });
    marks.collect_view()
}

fn lines(chart: &Chart, scale: &Scale) -> impl IntoView + use<> {
    let lines = chart.lines.iter().enumerate().map(|(i, line)| {
        let points =
            line.times.iter().zip(&line.values).map(|(ms, value)| (scale.x(*ms), value.map(|value| scale.y(value))));
        view! { <path class=format!("line series-{}", i % 7 + 1) d=path(points)></path> }
    });
    lines.collect_view()
}

fn value_labels(chart: &Chart, scale: &Scale) -> impl IntoView + use<> {
    // The label of the lowest line would sit on the times.
    let labels = scale.axis.ticks.iter().skip(1).map(|tick| {
        let y = (scale.y(*tick) + 11.0).min(PLOT);
        view! { <text class="tick" x="2" y=format!("{y:.1}")>{format::with_unit(*tick, &chart.unit)}</text> }
    });
    labels.collect_view()
}

#[expect(clippy::cast_possible_truncation, reason = "times came from whole milliseconds")]
fn time_labels(scale: &Scale) -> impl IntoView + use<> {
    let (from, to) = (scale.times.0 as i64, scale.times.1 as i64);
    let is_days = to - from > 2 * 86_400_000;
    let labels = time_ticks(from, to, 5).into_iter().map(|ms| {
        let x = place(as_f64(ms), scale.times, 100.0);
        let anchor = if x > 95.0 { "end" } else { "middle" };
        let pattern = if is_days { "%m-%d" } else { "%H:%M" };
        let text = Time::from_timestamp_millis(ms).map(|at| at.format(pattern).to_string());
        view! { <text class="tick" x=format!("{x:.2}%") y="194" text-anchor=anchor>{text}</text> }
    });
    labels.collect_view()
}

/// What a screen reader says of the drawing.
fn summary(chart: &Chart) -> String {
    let latest = chart.lines.iter().map(|line| {
        let value = line.values.iter().rev().flatten().next().copied();
        format!("{} {}", line_label(chart, line), format::maybe(value, &chart.unit))
    });
    format!("{}. Latest: {}.", chart.title, latest.collect::<Vec<_>>().join(", "))
}
