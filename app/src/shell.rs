//! The HTML document around the application. Rendered on the server only.
//!
//! Always true: its one script carries the nonce of the content policy; the theme is right before the first paint.

use leptos::nonce::use_nonce;
use leptos_meta::MetaTags;

use crate::prelude::*;
use crate::routes::App;
use crate::theme::Theme;

/// Addresses of the files the browser loads. The server knows them and puts them into the context of every page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The script that starts the WASM.
    pub js: String,
    pub wasm: String,
    pub css: String,
    /// The script that keeps pages in step with the server.
    pub page: String,
    /// The charts module, loaded by the first chart only.
    pub charts: String,
}

/// The document.
#[must_use]
pub fn shell() -> impl IntoView {
    let assets = use_context::<Assets>().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme_attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="description" content="Bellwether watches AI services: what is wrong, since when, why, and what to do."/>
                <meta name="charts-module" content=assets.charts.clone()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=assets.css.clone()/>
                <Scripts assets/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// `light` or `dark`; no attribute means as the system says.
fn theme_attribute() -> Option<&'static str> {
    let theme = crate::rpc::theme_cookie();
    (theme != Theme::Auto).then(|| theme.as_str())
}

/// Starts the page's own script, and the WASM for the islands.
#[component]
fn Scripts(assets: Assets) -> impl IntoView {
    let nonce = use_nonce();
    let Assets { js, wasm, page, .. } = assets;
    let script = format!(
        "import init,*as wasm from {js:?};import{{start}}from {page:?};start(init({{module_or_path:{wasm:?}}}).then(()=>(wasm.hydrate(),wasm)));"
    );
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone()/>
        <link rel="modulepreload" href=page nonce=nonce.clone()/>
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}
