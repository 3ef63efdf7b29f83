//! A call that a form makes, and what became of the last one.
//!
//! Always true: the browser posts the fields to the address of a server function; a refusal comes back in the address of the page.

use domain::error::ApiError;
use leptos::prelude::*;
use leptos::server::ServerActionError;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;

use crate::rpc::Failure;

/// The refusal of a form, if there was one.
pub(crate) type Refusal = Signal<Option<ApiError>>;

/// The calls of one server function on one page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    path: &'static str,
    refusal: Refusal,
}

impl Call {
    /// A call of `S`, with its refusal if this page is the answer to one.
    pub(crate) fn to<S: ServerFn<Error = Failure>>() -> Self {
        let refused = use_context::<ServerActionError>().filter(|error| error.path() == S::PATH);
        let refusal = refused.map(|error| ServerFnUrlError::<Failure>::decode_err(error.err()).0);
        Self { path: S::PATH, refusal: Signal::stored(refusal) }
    }

    /// The address that forms post to.
    pub(crate) const fn path(self) -> &'static str {
        self.path
    }

    /// The refusal of the last call, if it was refused.
    pub(crate) const fn refusal(self) -> Refusal {
        self.refusal
    }
}
