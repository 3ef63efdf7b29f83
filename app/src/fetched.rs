//! What a page reads: the answer of a server function.
//!
//! Always true: asked while the page is rendered; the same function answers programs under `/rpc`.

use std::pin::Pin;
use std::sync::Arc;

use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::rpc::{Answer, Failure};

type Asked<T> = Pin<Box<dyn Future<Output = Answer<T>> + Send>>;

/// A question with its answer to come.
pub(crate) struct Fetched<T>(StoredValue<Arc<dyn Fn() -> Asked<T> + Send + Sync>>);

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetched<T> {}

/// Asks the server function that `call` makes, once somebody waits for it.
pub(crate) fn fetch<S>(call: impl Fn() -> S + Send + Sync + 'static) -> Fetched<S::Output>
where
    S: ServerFn<Error = Failure> + 'static,
    S::Output: 'static,
{
    Fetched(StoredValue::new(Arc::new(move || Box::pin(call().run_body()))))
}

impl<T: 'static> Fetched<T> {
    /// The answer.
    pub(crate) async fn load(self) -> Answer<T> {
        let asked = self.0.with_value(|ask| ask());
        asked.await
    }
}

/// What a view that waits becomes: at the left a way out, at the right what was waited for.
pub(crate) type Awaited = Either<AnyView, AnyView>;

/// A view that waits. One type for all of them.
pub(crate) fn suspend(view: impl Future<Output = Awaited> + Send + 'static) -> Suspend<Awaited> {
    let view: Pin<Box<dyn Future<Output = Awaited> + Send>> = Box::pin(view);
    Suspend::new(view)
}
