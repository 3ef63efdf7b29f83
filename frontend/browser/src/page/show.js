// Turns the page on the screen into another one with as little change as can be: what is the same stays the same element, with its
// focus, its scroll position and what was typed into it.
import { Idiomorph } from 'idiomorph';
import { drawCharts } from './drawn.js';
import { isSameIsland, wake } from './islands.js';

/** Whether `next` has the frame that is on the screen; without it (log-in, set-up) the browser loads the page itself. */
export function hasSameFrame(next) {
  return Boolean(document.querySelector('.frame')) === Boolean(next.querySelector('.frame'));
}

/** Shows `next`. With `isTypingKept` what was typed or ticked and not sent stays. */
export function show(next, { isTypingKept }) {
  document.title = next.title;
  const { theme } = next.documentElement.dataset;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  Idiomorph.morph(document.body, next.body, {
    morphStyle: 'innerHTML',
    callbacks: {
      beforeNodeMorphed: (old, fresh) => mayChange(old, fresh, isTypingKept),
      beforeAttributeUpdated: (name, element) => !(name === 'open' && element.matches('details')),
    },
  });
  wake(document.body);
  drawCharts();
}

function mayChange(old, fresh, isTypingKept) {
  if (old.nodeType !== Node.ELEMENT_NODE || fresh.nodeType !== Node.ELEMENT_NODE) return true;
  if (old.matches('leptos-island')) {
    if (!isSameIsland(old, fresh)) old.replaceWith(document.importNode(fresh, true));
    return false;
  }
  // ECharts owns what is in there.
  if (old.matches('.chart-live')) return false;
  return !(isTypingKept && isDirty(old));
}

/** Differs from what the server last put there. */
export function isDirty(element) {
  if (element.matches('select')) return [...element.options].some((option) => option.selected !== option.defaultSelected) && !isUntouched(element);
  if (element.matches('input[type=checkbox], input[type=radio]')) return element.checked !== element.defaultChecked;
  return element.matches('input:not([type=hidden]), textarea') && element.value !== element.defaultValue;
}

// Where no option is marked as chosen the browser shows the first.
function isUntouched(select) {
  return select.selectedIndex === 0 && ![...select.options].some((option) => option.defaultSelected);
}
