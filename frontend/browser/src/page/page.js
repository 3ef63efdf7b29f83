// Keeps the page in step with the server: follows links and sends forms without loading the document again, and asks for the page
// again when something it shows has changed. What the server renders is the truth; islands (WASM) keep what is theirs.
// Nothing here is needed to read a page or to send a form: where it is missing or fails, the browser does the same by itself.
import { drawCharts } from './drawn.js';
import { follow, goTo, listen } from './visit.js';
import { wake } from './islands.js';
import { keepFresh } from './fresh.js';

/** `loading` ends with the exports of the WASM module, one function for each island. */
export function start(loading) {
  loading.then((exports) => {
    wake(document.body, exports);
    document.documentElement.dataset.alive = '';
  });
  listen();
  keepFresh();
  drawCharts();
  // A drag over a chart chose a stretch of time; the address keeps it, so that it can be shared.
  document.addEventListener('zoom', ({ detail }) => {
    const url = new URL(location.href);
    url.searchParams.set('from', detail.from);
    url.searchParams.set('to', detail.to);
    follow(url.href, { isSamePlace: true });
  });
  // For islands.
  document.addEventListener('bellwether:go', ({ detail }) => goTo(detail));
}
