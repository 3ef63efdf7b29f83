//! Form fields: label above, help below, error beside in words that mend.
//!
//! Always true: the name is `input[name]`, as server functions read it; the error is tied to its field for everyone.

use crate::call::Refusal;
use crate::prelude::*;

/// What the refusal says about one field.
fn message(refusal: Refusal, name: &str) -> Option<String> {
    refusal.with(|error| {
        let fields = &error.as_ref()?.fields;
        fields.iter().find(|field| field.field == name).map(|field| field.message.clone())
    })
}

/// `input[a][0][b]` for `a[0].b`.
fn form_name(name: &str) -> String {
    let inner = name.replace(']', "").replace(['[', '.'], "][");
    format!("input[{inner}]")
}

fn dom_id(scope: &str, name: &str) -> String {
    let plain = name.replace(['[', ']', '.'], "-");
    if scope.is_empty() { format!("f-{plain}") } else { format!("f-{scope}-{plain}") }
}

/// The parts all fields share: label, the control itself, help, error.
#[component]
fn Frame(
    id: String,
    label: &'static str,
    help: &'static str,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let note_id = format!("{id}-note");
    view! {
        <div class="field" class:has-error=move || error.with(Option::is_some)>
            <label for=id>{label}</label>
            {children()}
            <p class="field-note" id=note_id>
                {move || match error.get() {
                    Some(text) => leptos::either::Either::Left(view! { <span class="field-error">{text}</span> }),
                    None => leptos::either::Either::Right(help),
                }}
            </p>
        </div>
    }
}

/// A one-line field. `scope` keeps ids apart where a form is repeated.
#[component]
pub(crate) fn Field(
    #[prop(into)] name: String,
    label: &'static str,
    #[prop(optional)] help: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] scope: String,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] is_required: bool,
    refusal: Refusal,
) -> impl IntoView {
    let id = dom_id(&scope, &name);
    let note_id = format!("{id}-note");
    let html_name = form_name(&name);
    let error = Signal::derive(move || message(refusal, &name));
    view! {
        <Frame id=id.clone() label help error>
            <input
                id=id
                name=html_name
                type=kind
                value=value
                placeholder=placeholder
                required=is_required
                autocomplete=if autocomplete.is_empty() { "off" } else { autocomplete }
                aria-describedby=note_id
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            />
        </Frame>
    }
}

/// A field of several lines.
#[component]
pub(crate) fn Area(
    #[prop(into)] name: String,
    label: &'static str,
    #[prop(optional)] help: &'static str,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] scope: String,
    refusal: Refusal,
) -> impl IntoView {
    let id = dom_id(&scope, &name);
    let note_id = format!("{id}-note");
    let html_name = form_name(&name);
    let error = Signal::derive(move || message(refusal, &name));
    view! {
        <Frame id=id.clone() label help error>
            <textarea
                id=id
                name=html_name
                rows="3"
                aria-describedby=note_id
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                {value}
            </textarea>
        </Frame>
    }
}

/// One of a few. `options` are pairs of value and label; `value` is the one chosen at first.
#[component]
pub(crate) fn Choice(
    #[prop(into)] name: String,
    label: &'static str,
    #[prop(optional)] help: &'static str,
    #[prop(into)] options: Vec<(String, String)>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] scope: String,
    refusal: Refusal,
) -> impl IntoView {
    let id = dom_id(&scope, &name);
    let note_id = format!("{id}-note");
    let html_name = form_name(&name);
    let error = Signal::derive(move || message(refusal, &name));
    let options = options
        .into_iter()
        .map(|(option, text)| {
            let is_chosen = option == value;
            view! { <option value=option selected=is_chosen>{text}</option> }
        })
        .collect_view();
    view! {
        <Frame id=id.clone() label help error>
            <select
                id=id
                name=html_name
                aria-describedby=note_id
                aria-invalid=move || error.with(Option::is_some).then_some("true")
            >
                {options}
            </select>
        </Frame>
    }
}

/// A box to tick.
#[component]
pub(crate) fn Check(
    #[prop(into)] name: String,
    #[prop(default = "true")] value: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] is_checked: bool,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=form_name(&name) value=value checked=is_checked/>
            <span>{label}</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_the_name_that_server_functions_read() {
        assert_eq!(form_name("email"), "input[email]");
        assert_eq!(form_name("objectives[0].metric"), "input[objectives][0][metric]");
        assert_eq!(form_name("scopes[]"), "input[scopes][]");
        assert_eq!(dom_id("svc", "objectives[0].metric"), "f-svc-objectives-0--metric");
    }
}
