//! The names of the services, for the palette.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

const ADDRESS: &str = "/api/v1/services";

#[derive(serde::Deserialize)]
struct Named {
    name: String,
}

#[derive(serde::Deserialize)]
struct List {
    items: Vec<Named>,
}

/// Puts the names into `names` once they are there; a failure leaves those of the last time.
pub(crate) fn load(names: RwSignal<Vec<String>>) {
    spawn_local(async move {
        if let Ok(Some(list)) = fetch().await {
            names.try_set(list.items.into_iter().map(|service| service.name).collect());
        }
    });
}

async fn fetch() -> Result<Option<List>, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(ADDRESS)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(serde_json::from_str(&text).ok())
}
