// The charts of the pages: an ECharts build with only what they use, loaded only by pages that show one.
// A page hands over an ECharts option as JSON; colours, number format, size and crosshair are settled here.
// Nothing writes inline styles into markup, so that the content security policy can forbid them.
import { BarChart, LineChart } from 'echarts/charts';
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
} from 'echarts/components';
import { connect, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { complete } from './option.js';
import { theme, watchTheme } from './theme.js';
import { selectRange } from './zoom.js';

use([
  AriaComponent,
  BarChart,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  SVGRenderer,
  TooltipComponent,
]);

/** Every chart on the page: element -> { chart, json, themeName, stop }. */
const mounted = new Map();

/**
 * Draws `optionJson` into `element` and keeps it fitting its size and the page's colours.
 * The element's data attributes: `data-chart-group`: charts of one group share a crosshair; `data-unit`: see units.js;
 * `data-label`: what a screen reader says instead of a generated description.
 * A drag over a time axis dispatches a bubbling `zoom` CustomEvent with `detail: { from, to }` in milliseconds since 1970.
 * `themeName`: "light", "dark", or empty for whichever the page shows. Mounting twice is an update.
 */
export function mount(element, optionJson, themeName) {
  if (mounted.has(element)) {
    update(element, optionJson, themeName);
    return;
  }
  // The page is in English; the browser's language must not mix in.
  const chart = init(element, theme(element, themeName), { renderer: 'svg', locale: 'EN' });
  const entry = { chart, json: optionJson, themeName };
  mounted.set(element, entry);
  draw(element, entry);
  const group = element.dataset.chartGroup;
  if (group) {
    chart.group = group;
    connect(group);
  }
  const size = new ResizeObserver(() => chart.resize());
  size.observe(element);
  const stopSelecting = selectRange(chart, element);
  entry.stop = () => {
    size.disconnect();
    stopSelecting();
  };
}

/** Replaces what is drawn. Series that `optionJson` no longer names disappear; the crosshair stays where it is. */
export function update(element, optionJson, themeName) {
  const entry = mounted.get(element);
  if (!entry) {
    mount(element, optionJson, themeName);
    return;
  }
  entry.json = optionJson;
  if (themeName !== undefined && themeName !== entry.themeName) {
    entry.themeName = themeName;
    entry.chart.setTheme(theme(element, themeName));
  }
  draw(element, entry);
}

/** Takes the chart down. Disposing of an element without a chart does nothing. */
export function dispose(element) {
  const entry = mounted.get(element);
  if (!entry) return;
  mounted.delete(element);
  entry.stop();
  entry.chart.dispose();
}

function draw(element, { chart, json }) {
  chart.setOption(complete(json, element), { replaceMerge: ['series'] });
}

watchTheme(() => {
  for (const [element, entry] of mounted) {
    entry.chart.setTheme(theme(element, entry.themeName));
    // Colours named in the option itself follow the theme too.
    draw(element, entry);
  }
});
