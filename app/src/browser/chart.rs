//! Puts ECharts where the server drew SVG: the module is loaded by the first chart that is shown.
//!
//! Always true: when it cannot be loaded the drawing stays and nothing is logged twice.

use domain::overview::Chart;
use js_sys::{Function, Promise, Reflect};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, HtmlElement};

use super::chart_option::{Zoom, option_json};

/// A chart that is up.
struct Mounted {
    module: JsValue,
    element: HtmlElement,
}

impl Mounted {
    fn call(&self, name: &str, json: Option<&str>) -> Result<(), JsValue> {
        let function: Function = Reflect::get(&self.module, &name.into())?.dyn_into()?;
        match json {
            Some(json) => function.call2(&self.module, &self.element, &json.into())?,
            None => function.call1(&self.module, &self.element)?,
        };
        Ok(())
    }
}

/// Mounts once `canvas` is there, follows `chart` and `zoom`, takes the chart down with its component.
pub(crate) fn upgrade(
    canvas: NodeRef<html::Div>,
    chart: Signal<Chart>,
    zoom: Signal<Zoom>,
    is_upgraded: RwSignal<bool>,
) {
    let mounted = StoredValue::new_local(None::<Mounted>);
    let json = Memo::new(move |_| chart.with(|chart| option_json(chart, zoom.get())));
    Effect::new(move |_| {
        let Some(element) = canvas.get() else { return };
        spawn_local(async move {
            let Ok(module) = module().await else { return };
            let up = Mounted { module, element: element.into() };
            if json.try_with_untracked(|json| up.call("mount", Some(json)).is_ok()) == Some(true) {
                mounted.try_set_value(Some(up));
                is_upgraded.try_set(true);
            }
        });
    });
    Effect::new(move |_| {
        json.with(|json| {
            mounted.with_value(|up| {
                if let Some(up) = up {
                    // What is drawn stays when an update fails.
                    let _ = up.call("update", Some(json));
                }
            });
        });
    });
    on_cleanup(move || {
        mounted.try_with_value(|up| up.as_ref().map(|up| up.call("dispose", None)));
    });
}

/// The charts module. The page's own script keeps the `import`, so that the content policy need not allow `eval`.
async fn module() -> Result<JsValue, JsValue> {
    let load: Function = Reflect::get(&window(), &"bellwetherCharts".into())?.dyn_into()?;
    let promise: Promise = load.call0(&JsValue::NULL)?.dyn_into()?;
    JsFuture::from(promise).await
}

/// Puts what a drag over a chart in `area` chose into the address.
pub(crate) fn follow_zoom(area: NodeRef<html::Div>, query: Memo<ParamsMap>) {
    let navigate = use_navigate();
    let listener = StoredValue::new_local(None::<Closure<dyn FnMut(CustomEvent)>>);
    Effect::new(move |_| {
        let Some(area) = area.get() else { return };
        let navigate = navigate.clone();
        let chosen = Closure::<dyn FnMut(CustomEvent)>::new(move |event: CustomEvent| {
            let Some((from, to)) = chosen_range(&event) else { return };
            let mut query = query.get_untracked();
            query.replace("from", from.to_string());
            query.replace("to", to.to_string());
            navigate(&query.to_query_string(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        });
        let _ = area.add_event_listener_with_callback("zoom", chosen.as_ref().unchecked_ref());
        listener.set_value(Some(chosen));
    });
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
fn chosen_range(event: &CustomEvent) -> Zoom {
    let number = |name: &str| Some(Reflect::get(&event.detail(), &name.into()).ok()?.as_f64()? as i64);
    Some((number("from")?, number("to")?))
}
