//! `Ctrl-K`: go to any page or service by a few letters of its name.
//!
//! Always true: needs WASM, and is no way to anything that has no link elsewhere.

use leptos::html;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::nav::places;
use crate::fetched::ask;
use crate::format;
use crate::prelude::*;
use crate::rpc::catalogue::Services;
use crate::rpc::session::Session;

/// A destination.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    label: String,
    group: &'static str,
    href: String,
    is_external: bool,
}

/// The dialog; `open` is raised by the button in the header or the keyboard.
#[component]
pub(crate) fn Palette(session: Session, open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let found_services = RwSignal::new(Vec::<String>::new());
    let pages = places(&session);
    let load = Action::new(move |(): &()| async move {
        if let Ok(list) = ask::<Services>(&Services {}).await {
            found_services.set(list.services.into_iter().map(|service| service.name).collect());
        }
    });
    Effect::new(move |_| {
        if open.get() {
            query.set(String::new());
            chosen.set(0);
            load.dispatch(());
        }
        #[cfg(feature = "hydrate")]
        crate::browser::page::show_dialog(dialog, open.get());
    });
    let entries = Memo::new(move |_| {
        let pages = pages.iter().map(|place| Entry {
            label: place.label.to_owned(),
            group: "Page",
            href: place.href.to_owned(),
            is_external: place.is_external,
        });
        let services = found_services.get().into_iter().map(|name| Entry {
            href: format!("/services/{}", format::segment(&name)),
            label: name,
            group: "Service",
            is_external: false,
        });
        let wanted = query.get().to_lowercase();
        let is_wanted = |entry: &Entry| entry.label.to_lowercase().contains(&wanted);
        pages.chain(services).filter(is_wanted).take(12).collect::<Vec<_>>()
    });
    let navigate = use_navigate();
    let go = move |entry: Entry| {
        open.set(false);
        // At once: while the dialog is up nothing behind it can take the focus.
        #[cfg(feature = "hydrate")]
        crate::browser::page::show_dialog(dialog, false);
        if entry.is_external {
            #[cfg(feature = "hydrate")]
            crate::browser::page::load(&entry.href);
        } else {
            navigate(&entry.href, NavigateOptions::default());
        }
    };
    let enter = go.clone();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let n = entries.with(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|i| *i = (*i + 1) % n),
            "ArrowUp" => chosen.update(|i| *i = (*i + n - 1) % n),
            "Enter" => {
                if let Some(entry) = entries.with(|entries| entries.get(chosen.get_untracked()).cloned()) {
                    enter(entry);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <dialog node_ref=dialog class="palette" aria-label="Go to" on:close=move |_| open.set(false)>
            <input
                type="text"
                role="combobox"
                aria-label="Go to a page or service"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || entries.with(|entries| !entries.is_empty()).then(|| format!("palette-{}", chosen.get()))
                placeholder="Go to a page or service"
                autocomplete="off"
                autofocus
                prop:value=query
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    chosen.set(0);
                }
                on:keydown=on_key
            />
            <ul id="palette-list" role="listbox" aria-label="Destinations">
                {move || {
                    let go = go.clone();
                    let options = entries.get().into_iter().enumerate().map(move |(i, entry)| {
                        let go = go.clone();
                        let target = entry.clone();
                        view! {
                            <li
                                id=format!("palette-{i}")
                                role="option"
                                aria-selected=move || if chosen.get() == i { "true" } else { "false" }
                                on:click=move |_| go(target.clone())
                            >
                                <span>{entry.label}</span>
                                <span class="muted">{entry.group}</span>
                            </li>
                        }
                    });
                    options.collect_view()
                }}
            </ul>
            {move || entries.with(Vec::is_empty).then(|| view! { <p class="muted palette-none">"Nothing has that name."</p> })}
        </dialog>
    }
}
