//! A call to a model, streamed: the door that programs use, with this browser's own log-in.

use js_sys::{Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, ReadableStreamDefaultReader, RequestInit, Response};

const DOOR: &str = "/v1/chat/completions";

/// How a call began: who answers, under which id it is in the history.
pub(crate) struct Begun {
    pub(crate) request_id: Option<String>,
    pub(crate) answered_by: Option<String>,
    reader: ReadableStreamDefaultReader,
    rest: Vec<u8>,
}

#[derive(serde::Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(serde::Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Option<Delta>,
}

#[derive(serde::Deserialize)]
struct Refused {
    message: String,
}

/// One event of the stream.
#[derive(serde::Deserialize)]
struct Frame {
    #[serde(default)]
    choices: Vec<Choice>,
    error: Option<Refused>,
}

/// Something on the way that ends the call, in words.
pub(crate) type Failed = String;

fn words(error: &JsValue) -> Failed {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| "the server could not be reached".to_owned())
}

/// Asks. `abort` ends the call, upstream too.
pub(crate) async fn begin(model: &str, prompt: &str, abort: &AbortController) -> Result<Begun, Failed> {
    let body = serde_json::json!({
        "model": model,
        "stream": true,
        "messages": [{ "role": "user", "content": prompt }],
    });
    let answer = post(&body.to_string(), abort).await.map_err(|error| words(&error))?;
    if !answer.ok() {
        let text = async { JsFuture::from(answer.text()?).await };
        let text = text.await.ok().and_then(|text| text.as_string()).unwrap_or_default();
        let refused = serde_json::from_str::<Frame>(&text).ok().and_then(|frame| frame.error);
        return Err(
            refused.map_or_else(|| format!("refused with status {}", answer.status()), |refused| refused.message)
        );
    }
    let header = |name: &str| answer.headers().get(name).ok().flatten();
    let answered_by =
        header("x-bellwether-provider").zip(header("x-bellwether-model")).map(|(p, m)| format!("{p}/{m}"));
    let request_id = header("x-bellwether-request-id");
    let stream = answer.body().ok_or("the answer has no body")?;
    let reader = stream.get_reader().dyn_into().map_err(|_| "the answer cannot be read as a stream")?;
    Ok(Begun { request_id, answered_by, reader, rest: Vec::new() })
}

async fn post(body: &str, abort: &AbortController) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    init.set_signal(Some(&abort.signal()));
    JsFuture::from(window().fetch_with_str_and_init(DOOR, &init)).await?.dyn_into()
}

impl Begun {
    /// The next piece of the answer's text; nothing when it is whole.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, Failed> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                let Some(data) = line.strip_prefix(b"data:") else { continue };
                let data = data.trim_ascii();
                if data == b"[DONE]" {
                    return Ok(None);
                }
                let Ok(frame) = serde_json::from_slice::<Frame>(data) else { continue };
                if let Some(refused) = frame.error {
                    return Err(refused.message);
                }
                let text: String = frame.choices.into_iter().filter_map(|choice| choice.delta?.content).collect();
                if !text.is_empty() {
                    return Ok(Some(text));
                }
                continue;
            }
            let chunk = JsFuture::from(self.reader.read()).await.map_err(|error| words(&error))?;
            let is_done = Reflect::get(&chunk, &"done".into()).is_ok_and(|done| done.is_truthy());
            if is_done {
                return Ok(None);
            }
            let bytes =
                Reflect::get(&chunk, &"value".into()).ok().and_then(|value| value.dyn_into::<Uint8Array>().ok());
            self.rest.extend(bytes.map(|bytes| bytes.to_vec()).unwrap_or_default());
        }
    }
}
