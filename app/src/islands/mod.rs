//! What lives in the browser: the few parts of a page that move by themselves or answer the keyboard.
//!
//! Always true: the server renders each of them too, as it is before anything has happened; what an island is given travels in
//! the page as JSON, so it holds nothing that the page does not show anyway.

mod connection;
mod copy_button;
mod desk;
mod live_badge;
mod palette;
mod playground;
mod shortcuts;

#[cfg(feature = "hydrate")]
pub(crate) use connection::Connection;
#[cfg(feature = "ssr")]
pub(crate) use copy_button::CopyButton;
#[cfg(feature = "ssr")]
pub(crate) use desk::Desk;
pub(crate) use desk::Destination;
#[cfg(feature = "ssr")]
pub(crate) use live_badge::LiveBadge;
#[cfg(feature = "ssr")]
pub(crate) use playground::Playground;
