// Asks for the page again soon after an event about something on it, and every few seconds while somebody looks.
// A page says what it is about: <template data-live="anomaly service">; without one it stays as it was loaded.
import { show } from './show.js';
import { fetchPage, moment } from './visit.js';

// Several events in a row are one reason to ask.
const DEBOUNCE_MS = 250;
// Figures move without an event.
const PERIOD_MS = 5_000;

let isDue = false;
let isAsking = false;

export function keepFresh() {
  document.addEventListener('bellwether:event', ({ detail }) => {
    if (topics().has(detail)) soon();
  });
  document.addEventListener('bellwether:connected', soon);
  setInterval(() => {
    if (document.visibilityState === 'visible') refresh();
  }, PERIOD_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refresh();
  });
}

function topics() {
  const all = [...document.querySelectorAll('template[data-live]')].map((place) => place.dataset.live.split(' '));
  return new Set(all.flat());
}

function soon() {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    refresh();
  }, DEBOUNCE_MS);
}

async function refresh() {
  if (isAsking) {
    soon();
    return;
  }
  if (topics().size === 0) return;
  isAsking = true;
  const began = moment();
  const url = new URL(location.href);
  for (const place of document.querySelectorAll('template[data-refresh]')) {
    for (const [name, value] of new URLSearchParams(place.dataset.refresh)) url.searchParams.set(name, value);
  }
  const found = await fetchPage(url.href).catch(() => undefined);
  isAsking = false;
  // Somebody has gone on meanwhile.
  if (began !== moment()) return;
  if (!found) sayStale();
  else if (found.url.pathname === location.pathname) show(found.page, { isTypingKept: true });
  else location.reload();
}

/** What was shown stays; the next page that comes through takes the notice away. */
function sayStale() {
  if (document.getElementById('stale')) return;
  const notice = document.createElement('p');
  notice.id = 'stale';
  notice.className = 'notice notice-warning';
  notice.setAttribute('role', 'status');
  notice.textContent = 'This is not being refreshed at the moment: the server could not be reached. It is tried again by itself.';
  document.getElementById('main')?.prepend(notice);
}
