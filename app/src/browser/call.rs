//! Requests to server functions, by `fetch`.
//!
//! Always true: an answer is text or a refusal, whatever went wrong; where the server sends the page elsewhere, it goes.

use std::sync::Arc;

use domain::error::{ApiError, ErrorCode};
use js_sys::Promise;
use leptos::ev::SubmitEvent;
use leptos::prelude::window;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, Headers, HtmlButtonElement, HtmlFormElement, RequestInit, Response, UrlSearchParams};

use super::page;
use crate::call::Call;
use crate::rpc::{Answer, Asked, Failure, Wire, refusal};

/// Asks with JSON.
pub(crate) fn ask(path: &'static str, json: String) -> Asked {
    Box::pin(SendWrapper::new(async move { Wire(post(path, "application/json", &json).await) }))
}

/// Sends a form the way the browser would, without leaving the page. With `is_reset` it is emptied when that succeeded.
pub(crate) fn send(call: Call, event: &SubmitEvent, is_reset: bool) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let Ok(fields) = fields(event, &form) else { return };
    event.prevent_default();
    call.begin();
    spawn_local(async move {
        let answer = post(call.path(), "application/x-www-form-urlencoded", &fields).await;
        if is_reset && answer.is_ok() {
            form.reset();
        }
        call.end(answer);
    });
}

/// The fields of the form with the button that was pressed, encoded.
fn fields(event: &SubmitEvent, form: &HtmlFormElement) -> Result<String, JsValue> {
    let fields = FormData::new_with_form(form)?;
    if let Some(button) = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok())
        && !button.name().is_empty()
    {
        fields.append_with_str(&button.name(), &button.value())?;
    }
    Ok(UrlSearchParams::new_with_str_sequence_sequence(&fields)?.to_string().into())
}

/// Posts a body and reads the answer.
async fn post(path: &str, content_type: &str, body: &str) -> Answer<Arc<str>> {
    let (is_good, text) = exchange(path, content_type, body).await.map_err(|_| unreachable())?;
    if is_good { Ok(text.into()) } else { Err(refusal(&text)) }
}

fn unreachable() -> Failure {
    let words = "the server could not be reached; check that it runs and try again";
    Failure(ApiError::new(ErrorCode::Unavailable, words))
}

async fn exchange(path: &str, content_type: &str, body: &str) -> Result<(bool, String), JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", content_type)?;
    // Anything else would be answered with a redirect, as a plain form post is.
    headers.set("accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body.into());
    let response: Response = finished(window().fetch_with_str_and_init(path, &request)).await?.dyn_into()?;
    let text = finished(response.text()?).await?.as_string().unwrap_or_default();
    let headers = response.headers();
    if headers.has(leptos::server_fn::redirect::REDIRECT_HEADER)?
        && let Some(address) = headers.get("location")?
    {
        // Log-in and log-out change who "I" am, so what follows them is loaded whole.
        page::load(&address);
    }
    Ok((response.ok(), text))
}

async fn finished(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}
