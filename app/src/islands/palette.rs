//! `Ctrl-K`: go to any page or service by a few letters of its name.
//!
//! Always true: is no way to anything that has no link elsewhere.

use leptos::html;

use super::Destination;
use crate::prelude::*;
use crate::segment::segment;

/// How many are offered at once; the list scrolls.
const MOST: usize = 50;

/// The dialog; `open` is raised by the button in the header or the keyboard.
#[component]
pub(super) fn Palette(pages: Vec<Destination>, open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let services = RwSignal::new(Vec::<String>::new());
    Effect::new(move |_| {
        if open.get() {
            query.set(String::new());
            chosen.set(0);
            #[cfg(feature = "hydrate")]
            crate::browser::services::load(services);
        }
        #[cfg(feature = "hydrate")]
        crate::browser::page::show_dialog(dialog, open.get());
    });
    let entries = Memo::new(move |_| services.with(|services| fitting(&pages, services, &query.get())));
    let go = move |entry: &Destination| {
        open.set(false);
        #[cfg(feature = "hydrate")]
        {
            // At once: while the dialog is up nothing behind it can take the focus.
            crate::browser::page::show_dialog(dialog, false);
            crate::browser::page::go(&entry.href, entry.is_external);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = entry;
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let n = entries.with(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|i| *i = (*i + 1) % n),
            "ArrowUp" => chosen.update(|i| *i = (*i + n - 1) % n),
            "Enter" => {
                if let Some(entry) = entries.with(|entries| entries.get(chosen.get_untracked()).cloned()) {
                    go(&entry);
                }
            }
            _ => return,
        }
        #[cfg(feature = "hydrate")]
        crate::browser::page::reveal(&format!("palette-{}", chosen.get_untracked()));
        event.prevent_default();
    };
    let option = move |(i, entry): (usize, Destination)| {
        let (label, group) = (entry.label.clone(), entry.group.clone());
        view! {
            <li
                id=format!("palette-{i}")
                role="option"
                aria-selected=move || if chosen.get() == i { "true" } else { "false" }
                on:click=move |_| go(&entry)
            >
                <span>{label}</span>
                <span class="muted">{group}</span>
            </li>
        }
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
                {move || entries.get().into_iter().enumerate().map(option).collect_view()}
            </ul>
            {move || entries.with(Vec::is_empty).then(|| view! { <p class="muted palette-none">"Nothing has that name."</p> })}
        </dialog>
    }
}

/// Pages, then services, whose name has `wanted` in it.
fn fitting(pages: &[Destination], services: &[String], wanted: &str) -> Vec<Destination> {
    let wanted = wanted.to_lowercase();
    let services = services.iter().map(|name| Destination {
        label: name.clone(),
        group: "Service".to_owned(),
        href: format!("/services/{}", segment(name)),
        is_external: false,
    });
    let is_wanted = |entry: &Destination| entry.label.to_lowercase().contains(&wanted);
    pages.iter().cloned().chain(services).filter(is_wanted).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_are_enough() {
        let page = |label: &str| Destination {
            label: label.into(),
            group: "Page".into(),
            href: "/".into(),
            is_external: false,
        };
        let found = fitting(&[page("Overview"), page("Services")], &["serving a/b".into()], "SERV");
        assert_eq!(found.iter().map(|entry| entry.label.as_str()).collect::<Vec<_>>(), ["Services", "serving a/b"]);
        assert_eq!(found[1].href, "/services/serving%20a%2Fb");
        assert!(fitting(&[], &[], "x").is_empty());
    }
}
