// Puts ECharts where the server drew SVG, and keeps it in step with the option the page carries.
// When the charts module cannot be loaded the drawing stays, and nothing is logged.
const drawn = new Map();
let loading;

function load() {
  const address = document.querySelector('meta[name="charts-module"]')?.content;
  loading ??= import(address).catch(() => undefined);
  return loading;
}

/** Called after every change of the page. */
export async function drawCharts() {
  const places = [...document.querySelectorAll('.chart-live')];
  if (places.length === 0 && drawn.size === 0) return;
  const charts = await load();
  if (!charts) return;
  for (const place of drawn.keys()) {
    if (place.isConnected) continue;
    charts.dispose(place);
    drawn.delete(place);
  }
  for (const place of places) {
    const option = place.parentElement?.querySelector('.chart-option')?.textContent;
    if (!place.isConnected || !option) continue;
    try {
      if (drawn.get(place) !== option) charts.mount(place, option);
      drawn.set(place, option);
      place.closest('.chart').classList.add('is-upgraded');
    } catch {
      // An option that cannot be drawn leaves the drawing of the server.
    }
  }
}
