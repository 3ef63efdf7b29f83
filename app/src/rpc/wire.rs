//! Calls to server functions, typed on the server and text in the browser.
//!
//! Always true: what travels is what `#[server]` says; a plain form post and `curl` get the same.

use std::fmt;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

use domain::error::{ApiError, ErrorBody, ErrorCode};
use leptos::server_fn::ServerFn;
use serde::de::DeserializeOwned;

use super::{Answer, Failure};

/// An answer as it travels: the JSON of a value, or a refusal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wire(pub(crate) Answer<Arc<str>>);

/// An answer that is on its way.
pub(crate) type Asked = Pin<Box<dyn Future<Output = Wire> + Send>>;

impl Wire {
    /// The value.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Answer<T> {
        match &self.0 {
            Ok(text) => serde_json::from_str(text).map_err(|_| unreadable()),
            Err(failure) => Err(failure.clone()),
        }
    }

    pub(crate) const fn is_good(&self) -> bool {
        self.0.is_ok()
    }
}

/// What is said when an answer is not what the other side meant.
pub(crate) fn unreadable() -> Failure {
    let words = "the answer could not be made or read; the server's log has the details";
    Failure(ApiError::new(ErrorCode::Internal, words))
}

/// The text of a page's data: a sign, then the JSON. Read back by [`FromStr`] when the page comes alive.
impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(text) => write!(f, "+{text}"),
            Err(Failure(error)) => {
                let body = ErrorBody { error: error.clone() };
                write!(f, "-{}", serde_json::to_string(&body).map_err(|_| fmt::Error)?)
            }
        }
    }
}

impl FromStr for Wire {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(match text.split_at_checked(1) {
            Some(("+", json)) => Ok(json.into()),
            Some(("-", json)) => Err(refusal(json)),
            _ => Err(unreadable()),
        }))
    }
}

/// The refusal in the body of an answer.
pub(crate) fn refusal(body: &str) -> Failure {
    serde_json::from_str::<ErrorBody>(body).map_or_else(|_| unreadable(), |body| Failure(body.error))
}

/// Calls `S` with the JSON of its input.
#[cfg(feature = "hydrate")]
pub(crate) fn call_server<S: ServerFn>(input: String) -> Asked {
    crate::browser::call::ask(S::PATH, input)
}

/// Calls `S` with the JSON of its input.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn call_server<S>(input: String) -> Asked
where
    S: ServerFn<Error = Failure> + DeserializeOwned + 'static,
    S::Output: serde::Serialize,
{
    Box::pin(async move {
        let Ok(call) = serde_json::from_str::<S>(&input) else { return Wire(Err(unreadable())) };
        let text = call.run_body().await.and_then(|value| serde_json::to_string(&value).map_err(|_| unreadable()));
        Wire(text.map(Arc::from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_handed_over_as_it_was() {
        let refusal = Failure(ApiError::field("email", "must contain @"));
        for wire in [Wire(Ok("{\"a\":\"+\"}".into())), Wire(Err(refusal))] {
            assert_eq!(Wire::from_str(&wire.to_string()), Ok(wire));
        }
    }

    #[test]
    fn a_text_that_is_no_answer_is_a_refusal_in_words() {
        for text in ["", "é", "-<html>"] {
            assert_eq!(Wire::from_str(text), Ok(Wire(Err(unreadable()))), "{text}");
        }
        assert_eq!(Wire(Ok("[1".into())).read::<Vec<u8>>(), Err(unreadable()));
    }
}
