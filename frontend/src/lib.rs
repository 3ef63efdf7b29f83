//! The WASM entry point: the browser calls `hydrate` once, then the function of each island on the page.

// The islands are found by name, so nothing else refers to them.
use app as _;

/// Makes the islands ready to be woken. A panic is written to the console in words before the module stops.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
