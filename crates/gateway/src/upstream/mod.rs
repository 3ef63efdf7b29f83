//! The way to providers: one pool of connections, what is sent along, and bodies in pieces.
//!
//! Always true: connections are kept and used again; a key is only ever sent to the provider it belongs to; of a caller's
//! headers only those named here are passed on.

mod body;
mod client;
mod headers;

pub(crate) use body::{Pieces, TooLarge, read_whole};
pub(crate) use client::{Upstream, chain};
pub(crate) use headers::{answer_headers, pass_on, provider_headers};
