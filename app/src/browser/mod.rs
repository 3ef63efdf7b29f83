//! What only a browser can do. Compiled for `hydrate` alone.
//!
//! Always true: nothing here is needed to read a page or send a form; whatever is missing (WebSocket, clipboard) is done without.

pub(crate) mod call;
pub(crate) mod chart;
mod chart_option;
pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod keys;
pub(crate) mod page;
pub(crate) mod refresh;
pub(crate) mod socket;
