// Turns the JSON a page hands over into the option that is drawn: token colours looked up, defaults that hold for every chart added.
import { token } from './theme.js';
import { formatter } from './units.js';

const TOKEN = /^var\((--[\w-]+)\)$/;

/** `json` is an ECharts option; a string that is exactly `var(--name)` becomes that token's colour. */
export function complete(json, element) {
  const option = JSON.parse(json, (_, value) => {
    const name = typeof value === 'string' && TOKEN.exec(value);
    return name ? token(element, name[1]) : value;
  });
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const format = formatter(element.dataset.unit);
  return {
    useUTC: true,
    animation: !still,
    animationDuration: 150,
    animationDurationUpdate: 150,
    ...option,
    // Without words of the page's own, a screen reader gets those ECharts makes from the data.
    aria: { enabled: true, ...(element.dataset.label && { label: { description: element.dataset.label } }), ...option.aria },
    // Rich text is drawn inside the SVG: the HTML form needs inline styles.
    tooltip: { trigger: 'axis', transitionDuration: 0, ...(format && { valueFormatter: format }), ...option.tooltip, renderMode: 'richText', confine: true },
    ...(format && option.yAxis && { yAxis: each(option.yAxis, (axis) => withFormat(axis, format)) }),
  };
}

function each(value, change) {
  return Array.isArray(value) ? value.map(change) : change(value);
}

function withFormat(axis, format) {
  return { ...axis, axisLabel: { formatter: format, ...axis.axisLabel } };
}
