//! Asks a model and shows the answer as it comes.
//!
//! Always true: the call goes through the same door as every program's, with the person's own log-in; leaving or stopping ends it.

use crate::prelude::*;

/// What is asked, and what has come back so far.
#[derive(Clone, Copy)]
struct Asking {
    answer: RwSignal<String>,
    failure: RwSignal<Option<String>>,
    is_running: RwSignal<bool>,
    answered_by: RwSignal<Option<String>>,
    request_id: RwSignal<Option<String>>,
    took_ms: RwSignal<Option<f64>>,
    first_ms: RwSignal<Option<f64>>,
}

/// The form and the answer. `models` are the names that can be asked for.
#[island]
pub fn Playground(models: Vec<String>) -> impl IntoView {
    let asking = Asking {
        answer: RwSignal::new(String::new()),
        failure: RwSignal::new(None),
        is_running: RwSignal::new(false),
        answered_by: RwSignal::new(None),
        request_id: RwSignal::new(None),
        took_ms: RwSignal::new(None),
        first_ms: RwSignal::new(None),
    };
    let model = RwSignal::new(models.first().cloned().unwrap_or_default());
    let prompt = RwSignal::new("What is a bellwether? Answer in two sentences.".to_owned());
    let (send, stop) = buttons(asking, model, prompt);
    let options = models.into_iter().map(|name| view! { <option value=name>{name.clone()}</option> }).collect_view();
    let ms = |ms: Option<f64>| ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.0} ms"));
    view! {
        <form class="form" on:submit=send>
            <div class="field">
                <label for="playground-model">"Model"</label>
                <select id="playground-model" on:change=move |event| model.set(event_target_value(&event))>{options}</select>
            </div>
            <div class="field">
                <label for="playground-prompt">"Prompt"</label>
                <textarea id="playground-prompt" rows="4" prop:value=prompt on:input=move |event| prompt.set(event_target_value(&event))></textarea>
            </div>
            <div class="actions">
                <button type="submit" class="primary" disabled=move || asking.is_running.get()>"Ask"</button>
                <button type="button" class="quiet" hidden=move || !asking.is_running.get() on:click=stop>"Stop"</button>
            </div>
        </form>
        <div role="alert">{move || asking.failure.get().map(|words| view! { <p class="notice notice-error">{words}</p> })}</div>
        <section class="card" aria-label="Answer" aria-live="polite" aria-busy=move || asking.is_running.get().to_string()>
            <p class="answer">{move || asking.answer.get()}</p>
            <dl class="facts">
                <div><dt>"Answered by"</dt><dd><code>{move || asking.answered_by.get().unwrap_or_else(|| "–".to_owned())}</code></dd></div>
                <div><dt>"First token"</dt><dd>{move || ms(asking.first_ms.get())}</dd></div>
                <div><dt>"Took"</dt><dd>{move || ms(asking.took_ms.get())}</dd></div>
            </dl>
            {move || {
                asking
                    .request_id
                    .get()
                    .filter(|_| !asking.is_running.get())
                    .map(|id| view! { <p><a href=format!("/gateway/requests/{id}")>"Tokens, cost, attempts and findings of this call"</a></p> })
            }}
        </section>
    }
}

#[cfg(not(feature = "hydrate"))]
fn buttons(
    _: Asking,
    _: RwSignal<String>,
    _: RwSignal<String>,
) -> (impl FnMut(leptos::ev::SubmitEvent) + 'static, impl FnMut(leptos::ev::MouseEvent) + 'static) {
    (|_| {}, |_| {})
}

#[cfg(feature = "hydrate")]
fn buttons(
    asking: Asking,
    model: RwSignal<String>,
    prompt: RwSignal<String>,
) -> (impl FnMut(leptos::ev::SubmitEvent) + 'static, impl FnMut(leptos::ev::MouseEvent) + 'static) {
    let abort = StoredValue::new_local(None::<web_sys::AbortController>);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(controller) = web_sys::AbortController::new() else { return };
        abort.set_value(Some(controller.clone()));
        leptos::task::spawn_local(asking.ask(model.get_untracked(), prompt.get_untracked(), controller));
    };
    let stop =
        move |_| abort.with_value(|abort| abort.as_ref().map(web_sys::AbortController::abort)).unwrap_or_default();
    (send, stop)
}

#[cfg(feature = "hydrate")]
impl Asking {
    async fn ask(self, model: String, prompt: String, abort: web_sys::AbortController) {
        let watch = window().performance();
        let now = move || watch.as_ref().map_or(0.0, web_sys::Performance::now);
        let began = now();
        self.answer.set(String::new());
        self.failure.set(None);
        self.answered_by.set(None);
        self.request_id.set(None);
        self.first_ms.set(None);
        self.took_ms.set(None);
        self.is_running.set(true);
        let ended = async {
            let mut call = crate::browser::stream::begin(&model, &prompt, &abort).await?;
            self.answered_by.set(call.answered_by.take());
            self.request_id.set(call.request_id.take());
            while let Some(text) = call.next().await? {
                if self.first_ms.get_untracked().is_none() {
                    self.first_ms.set(Some(now() - began));
                }
                self.answer.update(|answer| answer.push_str(&text));
            }
            Ok(())
        };
        let ended: Result<(), crate::browser::stream::Failed> = ended.await;
        self.failure.set(ended.err());
        self.took_ms.set(Some(now() - began));
        self.is_running.set(false);
    }
}
