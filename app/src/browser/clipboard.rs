//! Copying a text. The clipboard is there only on secure origins, so buttons ask first.

use js_sys::{Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

fn clipboard() -> Option<JsValue> {
    let navigator = Reflect::get(&window(), &"navigator".into()).ok()?;
    Reflect::get(&navigator, &"clipboard".into()).ok().filter(JsValue::is_object)
}

/// Whether copying can work here.
pub(crate) fn is_there() -> bool {
    clipboard().is_some()
}

/// Copies the text.
pub(crate) fn copy(text: &str) {
    let Some(clipboard) = clipboard() else { return };
    let write = Reflect::get(&clipboard, &"writeText".into()).ok().and_then(|write| write.dyn_into::<Function>().ok());
    if let Some(write) = write {
        // A refusal by the browser leaves the text selectable on the page.
        let _ = write.call1(&clipboard, &text.into());
    }
}
