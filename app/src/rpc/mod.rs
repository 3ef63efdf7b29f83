//! Server functions, one file per capability: the second door to `platform` beside the REST one.
//!
//! Always true: a body reads the request, calls one platform method and replies; authorization is in that method.

pub mod anomaly;
pub mod auth;
pub mod catalogue;
pub mod chaos;
pub mod demo;
mod failure;
mod flash;
pub mod gateway;
pub mod key;
pub mod money;
pub mod overview;
mod request;
pub mod session;
pub mod system;
pub mod target;
pub mod team;
pub mod theme;
pub mod user;

pub use failure::{Answer, Failure};
pub(crate) use request::{Reply, back_to, not_found_status, page_status, request, set_cookie, theme_cookie};
