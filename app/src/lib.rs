//! The web interface: pages, components and the server functions they call, and the islands that live in the browser.
//!
//! Always true: a page is whole as the server renders it, and every form works, before (and without) WASM; only islands are
//! compiled for the browser, so a page costs its visitors nothing but its text (decision 0006); nothing here decides who may do what.

#![expect(unreachable_pub, reason = "the component macro makes a public twin of every component")]
// A page is one type, as deep as its tree: the default of 128 is not enough for the largest.
#![recursion_limit = "512"]

#[cfg(all(feature = "hydrate", feature = "ssr"))]
compile_error!(
    "features `ssr` and `hydrate` of crate `app` exclude each other: build the browser with `--features hydrate`, the server with `--features ssr`"
);

#[cfg(feature = "hydrate")]
mod browser;
mod islands;
mod prelude;
mod segment;

#[cfg(feature = "ssr")]
mod call;
#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod fetched;
#[cfg(feature = "ssr")]
mod format;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod geometry;
#[cfg(feature = "ssr")]
mod now;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
pub mod rpc;
#[cfg(feature = "ssr")]
mod session;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod sort;
#[cfg(feature = "ssr")]
mod theme;

#[cfg(feature = "ssr")]
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};
