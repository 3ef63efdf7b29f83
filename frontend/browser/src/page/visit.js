// Links and forms without loading the document again. Whatever is unusual (another site, a new tab, a file, an answer that is not
// a page, a page with another frame) is left to the browser.
import { hasSameFrame, show } from './show.js';

const PATIENCE_MS = 30_000;
let newest = 0;

/** A visit is under way that began after `moment`; asks for what is newer than any of them give way to it. */
export function moment() {
  return newest;
}

/** Takes over clicks, forms and the history. */
export function listen() {
  history.scrollRestoration = 'manual';
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  window.addEventListener('popstate', ({ state }) => follow(location.href, { isBack: true, scroll: state?.scroll ?? 0 }));
}

/** As a click on a link to `href` would. */
export function goTo({ href, isExternal }) {
  if (isExternal) location.assign(href);
  else follow(new URL(href, location.href).href);
}

function onClick(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a[href]');
  if (!link || link.target || link.hasAttribute('download') || link.relList.contains('external')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin) return;
  if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
  event.preventDefault();
  follow(url.href, { isSamePlace: 'noscroll' in link.dataset });
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog' || form.target || form.enctype === 'multipart/form-data') return;
  const action = new URL(event.submitter?.getAttribute('formaction') ?? form.getAttribute('action') ?? '', location.href);
  if (action.origin !== location.origin || form.relList?.contains('external')) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  if (form.method === 'get') {
    action.search = fields;
    follow(action.href, { isSamePlace: true });
  } else {
    send(form, event.submitter, action.href, fields);
  }
}

/** The document at an address, or nothing when it is not a page. */
export async function fetchPage(href, init = {}) {
  const answer = await fetch(href, { ...init, headers: { accept: 'text/html' }, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.headers.get('content-type')?.startsWith('text/html')) return undefined;
  const url = new URL(answer.url);
  // An empty query is none.
  if (!url.search) url.search = '';
  return { url, page: new DOMParser().parseFromString(await answer.text(), 'text/html') };
}

/** Shows the page at `href`. `isSamePlace`: the same page otherwise asked; nobody is moved. */
export async function follow(href, { isSamePlace = false, isBack = false, scroll = 0 } = {}) {
  newest += 1;
  const mine = newest;
  document.documentElement.setAttribute('aria-busy', 'true');
  const found = await fetchPage(href).catch(() => undefined);
  if (mine !== newest) return;
  document.documentElement.removeAttribute('aria-busy');
  if (!found || !hasSameFrame(found.page)) {
    location.assign(href);
    return;
  }
  const isElsewhere = found.url.pathname !== currentPath;
  found.url.hash = new URL(href).hash;
  if (!isBack) {
    history.replaceState({ scroll: scrollY }, '');
    history.pushState(null, '', found.url);
  }
  currentPath = location.pathname;
  if (isElsewhere) leave();
  show(found.page, { isTypingKept: false });
  if (isElsewhere || !isSamePlace) arrive(found.url.hash, isElsewhere, scroll);
}

// What the screen shows; on the way back the address has changed already.
let currentPath = location.pathname;

/** What belongs to the old page alone must not live on in the new one: menus, unfolded parts, the content itself. */
function leave() {
  document.getElementById('nav')?.hidePopover?.();
  document.querySelector('details.account')?.removeAttribute('open');
  document.getElementById('main')?.replaceChildren();
}

/** As after a load: at the top, with the focus on the content. */
function arrive(hash, isElsewhere, scroll) {
  const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  if (target) target.scrollIntoView();
  else window.scrollTo(0, scroll);
  if (isElsewhere) document.getElementById('main')?.focus({ preventScroll: true });
}

async function send(form, button, href, fields) {
  newest += 1;
  const mine = newest;
  if (button) button.disabled = true;
  form.setAttribute('aria-busy', 'true');
  const found = await fetchPage(href, { method: 'POST', body: fields }).catch(() => undefined);
  if (button) button.disabled = false;
  form.removeAttribute('aria-busy');
  if (!found) {
    unreachable(form);
    return;
  }
  if (!hasSameFrame(found.page)) {
    location.assign(found.url);
    return;
  }
  if (mine !== newest) return;
  const isRefused = found.url.searchParams.has('__err');
  const isElsewhere = found.url.pathname !== location.pathname;
  if (isElsewhere) history.pushState(null, '', found.url);
  else history.replaceState(history.state, '', found.url);
  currentPath = location.pathname;
  if (isElsewhere) leave();
  // What was accepted is no longer a draft.
  if (!isRefused) form.reset();
  show(found.page, { isTypingKept: true });
  if (isElsewhere) arrive('', true, 0);
  if (!isRefused && form.isConnected) {
    form.reset();
    for (const said of form.querySelectorAll('[data-saved]')) said.textContent = said.dataset.saved;
  }
}

function unreachable(form) {
  const words = 'The server could not be reached, so nothing was sent. Check that it runs and try again.';
  let notice = form.querySelector('.notice-unsent');
  if (!notice) {
    notice = document.createElement('p');
    notice.className = 'notice notice-error notice-unsent';
    notice.setAttribute('role', 'alert');
    form.prepend(notice);
  }
  notice.textContent = words;
}
