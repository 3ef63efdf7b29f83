//! What only a browser can do. Compiled for `hydrate` alone.
//!
//! Always true: nothing here is needed to read a page or send a form; whatever is missing (WebSocket, clipboard) is done without.

pub(crate) mod clipboard;
pub(crate) mod keys;
pub(crate) mod page;
pub(crate) mod services;
pub(crate) mod socket;
pub(crate) mod stream;
