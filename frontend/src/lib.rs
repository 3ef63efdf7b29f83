//! The WASM entry point: the browser calls `hydrate` once, after which the server-rendered page is alive.

// A page is a type as deep as its tree.
#![recursion_limit = "512"]

/// Takes over the page. A panic is written to the console in words before the module stops.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
