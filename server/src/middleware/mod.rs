//! What every request passes, outermost first: request id, security headers, time limit, origin check, who asks.
//!
//! Always true: each layer answers in the contract's shape; none reads a body.

pub(crate) mod authenticate;
pub(crate) mod client;
pub(crate) mod origin;
pub(crate) mod prometheus_refusal;
pub(crate) mod redirect;
pub(crate) mod request_id;
pub(crate) mod security_headers;
pub(crate) mod time_limit;
