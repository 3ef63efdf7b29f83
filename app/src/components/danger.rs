//! A dangerous act: folded away, says what it touches and how it is undone, then a button naming verb and object.

use leptos::prelude::*;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::PostUrl;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::{Http, ServerFn};
use leptos::web_sys::FormData;
use serde::de::DeserializeOwned;

use super::Submit;
use crate::rpc::Failure;

/// The sheet in front of a dangerous act on the thing with this `id`; without an id the call takes no input.
#[component]
pub(crate) fn Danger<S, O>(
    label: &'static str,
    #[prop(into)] touches: String,
    undone: &'static str,
    action: ServerAction<S>,
    #[prop(optional, into)] id: String,
    #[prop(into)] button: String,
) -> impl IntoView
where
    S: ServerFn<Protocol = Http<PostUrl, O>, Error = Failure> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
    S::Client: Client<Failure>,
    <<S::Client as Client<Failure>>::Request as ClientReq<Failure>>::FormData: From<FormData>,
    O: 'static,
{
    let has_id = !id.is_empty();
    view! {
        <details class="danger">
            <summary>{label}</summary>
            <div class="danger-sheet">
                <p>{touches}</p>
                <p class="muted">{undone}</p>
                <ActionForm action>
                    {has_id.then(|| view! { <input type="hidden" name="id" value=id/> })}
                    <Submit label=button pending=action.pending() class="danger-button"/>
                </ActionForm>
            </div>
        </details>
    }
}
