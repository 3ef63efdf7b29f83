// Drag over a chart to choose a range of time. The page decides what to do with it; here it is only drawn and told.
import { graphic } from 'echarts/core';
import { token } from './theme.js';

// Less than this is a click with an unsteady hand.
const MINIMUM_PIXELS = 6;
const GRID = { gridIndex: 0 };
const AXIS = { xAxisIndex: 0 };

/** Listens until the returned function is called. Only the mouse and the pen select: a finger scrolls the page. */
export function selectRange(chart, element) {
  const zr = chart.getZr();
  let start = null;
  let band = null;

  const cancel = () => {
    if (band) zr.remove(band);
    start = null;
    band = null;
  };
  const shape = (x) => ({ x: Math.min(start, x), y: 0, width: Math.abs(x - start), height: zr.getHeight() });

  zr.on('mousedown', ({ event, offsetX, offsetY }) => {
    if (event.pointerType === 'touch' || event.button !== 0 || !hasTimeAxis(chart) || !chart.containPixel(GRID, [offsetX, offsetY])) return;
    start = offsetX;
  });
  zr.on('mousemove', ({ offsetX }) => {
    if (start === null) return;
    if (!band) {
      band = new graphic.Rect({ silent: true, z: 100, style: { fill: token(element, '--text') ?? '#888', opacity: 0.12 } });
      zr.add(band);
    }
    band.attr({ shape: shape(offsetX) });
  });
  zr.on('mouseup', ({ offsetX }) => {
    if (start === null) return;
    const { x, width } = shape(offsetX);
    cancel();
    if (width < MINIMUM_PIXELS) return;
    const [from, to] = [x, x + width].map((at) => Math.round(chart.convertFromPixel(AXIS, at)));
    element.dispatchEvent(new CustomEvent('zoom', { bubbles: true, detail: { from, to } }));
  });

  // Letting go outside of the chart, or Escape, chooses nothing.
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener('pointerup', ({ target }) => element.contains(target) || cancel(), { signal });
  window.addEventListener('keydown', ({ key }) => key === 'Escape' && cancel(), { signal });
  return () => stop.abort();
}

function hasTimeAxis(chart) {
  return chart.getOption().xAxis?.[0]?.type === 'time';
}
