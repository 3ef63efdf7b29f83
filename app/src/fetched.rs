//! What a page reads: the answer of a server function, kept as the text it came as.
//!
//! Always true: every answer is fetched, kept and handed over from server to browser by the same code; only turning its text
//! into a value is compiled for each type. That is half of what keeps the WASM small (decision 0006).

use std::marker::PhantomData;
use std::pin::Pin;

use codee::string::FromToStringCodec;
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server::codee;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rpc::{Answer, Asked, Failure, Wire, call_server};

/// The resource behind every reading.
pub(crate) type WireResource = Resource<Wire, FromToStringCodec>;

/// The answer of a server function as it is now, and again whenever what it was asked changes.
pub(crate) struct Fetched<T> {
    wire: WireResource,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fetched<T> {}

/// Asks the server function that `call` makes.
pub(crate) fn fetch<S>(call: impl Fn() -> S + Send + Sync + 'static) -> Fetched<S::Output>
where
    S: ServerFn<Error = Failure> + Serialize + DeserializeOwned + 'static,
    S::Output: Serialize,
{
    Fetched { wire: resource(Box::new(move || text_of(&call())), call_server::<S>, false), of: PhantomData }
}

/// [`fetch`], and nothing of the page is sent before the answer is there.
pub(crate) fn fetch_first<S>(call: impl Fn() -> S + Send + Sync + 'static) -> Fetched<S::Output>
where
    S: ServerFn<Error = Failure> + Serialize + DeserializeOwned + 'static,
    S::Output: Serialize,
{
    Fetched { wire: resource(Box::new(move || text_of(&call())), call_server::<S>, true), of: PhantomData }
}

/// Asks once, outside of any page's data.
pub(crate) async fn ask<S>(call: &S) -> Answer<S::Output>
where
    S: ServerFn<Error = Failure> + Serialize + DeserializeOwned + 'static,
    S::Output: Serialize + DeserializeOwned,
{
    call_server::<S>(text_of(call)).await.read()
}

fn text_of<S: Serialize>(call: &S) -> String {
    // Inputs are plain structs: writing one cannot fail.
    serde_json::to_string(call).unwrap_or_default()
}

fn resource(input: Box<dyn Fn() -> String + Send + Sync>, ask: fn(String) -> Asked, is_first: bool) -> WireResource {
    if is_first { WireResource::new_str_blocking(input, ask) } else { WireResource::new_str(input, ask) }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Fetched<T> {
    /// Asks again.
    pub(crate) fn refetch(self) {
        self.wire.refetch();
    }

    /// The answer, once it is there.
    pub(crate) async fn load(self) -> Answer<T> {
        self.wire.await.read()
    }

    /// The resource, whatever it is about.
    pub(crate) const fn wire(self) -> WireResource {
        self.wire
    }

    /// A signal that starts with what `first` says and takes over every later good answer that differs.
    pub(crate) fn follow(self, first: &Wire) -> Answer<ReadSignal<T>> {
        let (data, set_data) = signal(first.read::<T>()?);
        let take = move |next: &Wire| {
            if let Ok(next) = next.read() {
                set_data.set(next);
            }
        };
        on_change(self.wire, first.clone(), Box::new(take));
        Ok(data)
    }
}

/// Runs `take` with every answer that is not a refusal and not the one before.
fn on_change(wire: WireResource, first: Wire, take: Box<dyn Fn(&Wire) + Send + Sync>) {
    Effect::new(move |shown: Option<Wire>| {
        let shown = shown.unwrap_or_else(|| first.clone());
        match wire.get() {
            Some(next) if next.is_good() && next != shown => {
                take(&next);
                next
            }
            _ => shown,
        }
    });
}

/// What a view that waits becomes: at the left a way out, at the right what was waited for.
pub(crate) type Awaited = Either<AnyView, AnyView>;

/// A view that waits. One type for all of them.
pub(crate) fn suspend(view: impl Future<Output = Awaited> + Send + 'static) -> Suspend<Awaited> {
    let view: Pin<Box<dyn Future<Output = Awaited> + Send>> = Box::pin(view);
    Suspend::new(view)
}
