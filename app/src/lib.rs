//! The web interface: pages, components and the server functions they call.
//!
//! Always true: server and browser render the same tree, so nothing in a view reads a clock, a locale or chance;
//! every page is whole and every form works before (and without) WASM; nothing here decides who may do what.

#![expect(unreachable_pub, reason = "the component macro makes a public twin of every component")]
// A page is one type, as deep as its tree: the default of 128 is not enough for the largest.
#![recursion_limit = "512"]

#[cfg(all(feature = "hydrate", feature = "ssr"))]
compile_error!(
    "features `ssr` and `hydrate` of crate `app` exclude each other: build the browser with `--features hydrate`, the server with `--features ssr`"
);

#[cfg(feature = "hydrate")]
mod browser;
mod call;
mod components;
mod fetched;
mod format;
mod forms;
mod geometry;
mod live;
mod now;
mod pages;
mod prelude;
mod routes;
pub mod rpc;
mod session;
#[cfg(feature = "ssr")]
mod shell;
mod sort;
mod theme;

pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::{Assets, shell};
