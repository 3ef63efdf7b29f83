//! A call that a form makes: on its way, refused, or done.
//!
//! Always true: a call is the same type whatever it calls, so a form costs the WASM nothing but its markup; without WASM the
//! browser posts the same fields to the same address, and a refusal comes back in the address of the page.

use std::sync::Arc;

use domain::error::ApiError;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use serde::de::DeserializeOwned;

use crate::rpc::{Answer, Failure, Wire};

/// The refusal of a form, if there was one.
pub(crate) type Refusal = Signal<Option<ApiError>>;

/// The calls of one server function on one page, with what came of the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    path: &'static str,
    is_pending: RwSignal<bool>,
    answer: RwSignal<Option<Wire>>,
}

impl Call {
    /// Nothing has been called yet, unless a plain form post was refused and this page says so.
    pub(crate) fn to<S: ServerFn<Error = Failure>>() -> Self {
        Self::at(S::PATH)
    }

    fn at(path: &'static str) -> Self {
        let refused = use_context::<ServerActionError>()
            .filter(|error| error.path() == path)
            .map(|error| Wire(Err(ServerFnUrlError::<Failure>::decode_err(error.err()))));
        Self { path, is_pending: RwSignal::new(false), answer: RwSignal::new(refused) }
    }

    /// The address that forms post to.
    pub(crate) const fn path(self) -> &'static str {
        self.path
    }

    /// On its way.
    pub(crate) fn is_pending(self) -> bool {
        self.is_pending.get()
    }

    /// The last call succeeded.
    pub(crate) fn is_done(self) -> bool {
        self.answer.with(|answer| answer.as_ref().is_some_and(Wire::is_good))
    }

    /// What the last call answered, if it succeeded.
    pub(crate) fn made<T: DeserializeOwned>(self) -> Option<T> {
        self.answer.with(|answer| answer.as_ref()?.read().ok())
    }

    /// The refusal of the last call, if it was refused.
    pub(crate) fn refusal(self) -> Refusal {
        let refusal = move || {
            self.answer.with(|answer| match answer {
                Some(Wire(Err(Failure(error)))) => Some(error.clone()),
                _ => None,
            })
        };
        Signal::derive(refusal)
    }

    /// Runs after each call that succeeded.
    pub(crate) fn on_success(self, run: impl Fn() + Send + Sync + 'static) {
        self.after(Box::new(run));
    }

    fn after(self, run: Box<dyn Fn() + Send + Sync>) {
        Effect::new(move |before: Option<()>| {
            if self.is_done() && before.is_some() {
                run();
            }
        });
    }

    /// The form is being sent.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser sends without leaving the page"))]
    pub(crate) fn begin(self) {
        self.is_pending.set(true);
    }

    /// After the answer has come. The page may be gone by then.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser sends without leaving the page"))]
    pub(crate) fn end(self, answer: Answer<Arc<str>>) {
        self.is_pending.try_set(false);
        self.answer.try_set(Some(Wire(answer)));
    }
}
