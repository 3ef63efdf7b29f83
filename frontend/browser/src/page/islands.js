// Islands: the parts of a page that live in WASM. Each is woken once; one that is taken over by a newer page stays as it is.
const awake = new WeakSet();
let functions;

/** Wakes the islands in `root` that sleep. `exports`, once given, is kept for later pages. */
export function wake(root, exports) {
  functions = exports ?? functions;
  if (!functions) return;
  for (const island of root.querySelectorAll('leptos-island')) {
    if (awake.has(island)) continue;
    awake.add(island);
    functions[island.dataset.component]?.(island);
  }
}

/** Both are the same island with the same input, so what one of them has become is worth keeping. */
export function isSameIsland(one, other) {
  return one.dataset.component === other.dataset.component && one.dataset.props === other.dataset.props;
}
