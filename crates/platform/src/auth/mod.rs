//! Who somebody is: first set-up, log-in, log-out, passwords, and turning credentials into an [`Actor`].
//!
//! The cast: a [`Session`](domain::ids::SessionId) is one log-in of one person; a JWT names it; the throttle slows
//! guessing; a reset link lets a person set a password once.
//!
//! Always true: a token is good only while its session row is; the answer to a failed log-in does not tell which part
//! was wrong, and takes as long either way; what was typed is never stored or logged.

mod cookie;
mod first;
mod login;
pub(crate) mod password;
mod reset;
mod resolve;
mod session;
mod store;
mod throttle;
mod token;

use std::net::IpAddr;
use std::sync::Arc;

use crate::context::Context;
use crate::key::Keys;

pub use password::random_password;
pub(crate) use reset::make_link;
pub use resolve::Resolved;
pub(crate) use session::SessionCache;
pub(crate) use store::{delete_sessions_of, expire};
pub(crate) use token::TokenKey;

/// What is known of a caller's connection.
#[derive(Clone, Debug, Default)]
pub struct ClientInfo {
    pub ip: Option<IpAddr>,
    pub user_agent: String,
}

/// Credentials as they came.
#[derive(Clone, Default)]
pub struct Credentials {
    /// The session cookie's value.
    pub cookie: Option<String>,
    /// `Authorization: Bearer …`: a JWT or an API key.
    pub bearer: Option<String>,
    /// `X-API-Key`.
    pub api_key: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Knows who somebody is.
#[derive(Clone, Debug)]
pub struct Auth {
    context: Context,
    token_key: TokenKey,
    sessions: Arc<SessionCache>,
    hasher: password::Hasher,
    keys: Keys,
}

impl Auth {
    pub(crate) fn new(
        context: Context,
        token_key: TokenKey,
        sessions: Arc<SessionCache>,
        hasher: password::Hasher,
        keys: Keys,
    ) -> Self {
        Self { context, token_key, sessions, hasher, keys }
    }
}
