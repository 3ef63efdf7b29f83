//! A dangerous act: folded away, says what it touches and how it is undone, then a button naming verb and object.

use super::{CallForm, Submit};
use crate::call::Call;
use crate::prelude::*;

/// The sheet in front of a dangerous act on the thing with this `id`; without an id the call takes no input.
#[component]
pub(crate) fn Danger(
    label: &'static str,
    #[prop(into)] touches: String,
    undone: &'static str,
    action: Call,
    #[prop(optional, into)] id: String,
    #[prop(into)] button: String,
) -> impl IntoView {
    let has_id = !id.is_empty();
    view! {
        <details class="danger">
            <summary>{label}</summary>
            <div class="danger-sheet">
                <p>{touches}</p>
                <p class="muted">{undone}</p>
                <CallForm action>
                    {has_id.then(|| view! { <input type="hidden" name="id" value=id/> })}
                    <Submit label=button class="danger-button"/>
                </CallForm>
            </div>
        </details>
    }
}
