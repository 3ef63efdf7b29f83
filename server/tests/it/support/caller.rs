//! Who a request says it comes from.

use http::header::{AUTHORIZATION, COOKIE};
use http::request::Builder;

/// Credentials on a request.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    Anonymous,
    /// A program with a token or a key as bearer.
    Bearer(String),
    /// A browser with the session cookie.
    Cookie(String),
    /// A program with `X-API-Key`.
    Key(String),
}

impl Caller {
    /// Puts the credentials on the request.
    pub(crate) fn sign(&self, request: Builder) -> Builder {
        match self {
            Self::Anonymous => request,
            Self::Bearer(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            Self::Cookie(token) => request.header(COOKIE, format!("bellwether_session={token}")),
            Self::Key(key) => request.header("x-api-key", key),
        }
    }
}
