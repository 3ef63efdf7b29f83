//! The ECharts option of a chart. Colours are names of the style sheet's tokens, which the charts module looks up.

use charming::component::{Axis, Grid};
use charming::datatype::{CompositeValue, DataPoint};
use charming::element::{
    AxisType, ItemStyle, Label, LineStyle, LineStyleType, MarkArea, MarkAreaData, MarkLine, MarkLineData,
    MarkLineVariant, Symbol,
};
use charming::series::Line;
use domain::Time;
use domain::overview::Chart;
use serde::Serialize;

use super::line_chart::line_label;
use super::time_range::Zoom;
use crate::geometry;

/// Only the parts used here: the whole of charming's chart would name every part it has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChartOption {
    grid: Grid,
    x_axis: Axis,
    y_axis: Axis,
    series: Vec<Line>,
}

/// The option as JSON; empty when it cannot be made, which leaves the drawing.
pub(super) fn option_json(chart: &Chart, zoom: Zoom) -> String {
    let mut time = Axis::new().type_(AxisType::Time);
    if let Some((from, to)) = zoom {
        time = time.min(from).max(to);
    }
    let mut series: Vec<Line> = chart.lines.iter().map(|own| line(own, line_label(chart, own))).collect();
    if let Some(first) = series.first_mut() {
        *first = decorated(std::mem::take(first), chart);
    }
    let option = ChartOption {
        grid: Grid::new().left(8).right(8).top(12).bottom(4).contain_label(true),
        x_axis: time,
        y_axis: value_axis(chart),
        series,
    };
    // It stands inside a script element, which must not end early.
    serde_json::to_string(&option).unwrap_or_default().replace('<', "\\u003c")
}

/// The same round ends as the drawing has, so that the upgrade does not jump.
fn value_axis(chart: &Chart) -> Axis {
    let axis = Axis::new().type_(AxisType::Value);
    match geometry::value_axis(chart) {
        Some(ends) => axis.min(ends.low).max(ends.high).interval(ends.step()),
        None => axis,
    }
}

fn line(line: &domain::overview::Line, label: String) -> Line {
    let points = line.times.iter().zip(&line.values);
    let data = points.map(|(ms, value)| DataPoint::from(vec![CompositeValue::from(*ms), CompositeValue::from(*value)]));
    Line::new()
        .id(label.clone())
        .name(label)
        .show_symbol(false)
        .line_style(LineStyle::new().width(1.5))
        .data(data.collect())
}

/// Threshold, expected band and anomalies hang on the first line: ECharts has no place of their own for them.
fn decorated(mut line: Line, chart: &Chart) -> Line {
    if let Some(threshold) = chart.threshold {
        let at = MarkLineData::new().y_axis(threshold).name("objective");
        let style = LineStyle::new().color("var(--status-unhealthy)").type_(LineStyleType::Dashed);
        line = line.mark_line(
            MarkLine::new()
                .silent(true)
                .symbol(vec![Symbol::None])
                .label(Label::new().show(false))
                .line_style(style)
                .data(vec![MarkLineVariant::Simple(at)]),
        );
    }
    let marks = chart.marks.iter().map(|mark| {
        let end = mark.to_ms.or_else(|| chart.lines.first()?.times.last().copied()).unwrap_or(mark.from_ms);
        (
            MarkAreaData::new().name(mark.label.clone()).x_axis(instant(mark.from_ms)),
            MarkAreaData::new().x_axis(instant(end)),
        )
    });
    let band = chart.expected.map(|(low, high)| {
        (MarkAreaData::new().name("expected").y_axis(low.to_string()), MarkAreaData::new().y_axis(high.to_string()))
    });
    let areas: Vec<_> = marks.chain(band).collect();
    if areas.is_empty() {
        return line;
    }
    let style = ItemStyle::new().color("var(--chart-band)");
    line.mark_area(MarkArea::new().silent(true).label(Label::new().show(false)).item_style(style).data(areas))
}

/// ECharts reads texts on a time axis as ISO 8601.
fn instant(ms: i64) -> String {
    Time::from_timestamp_millis(ms).map(|at| at.to_rfc3339()).unwrap_or_default()
}
