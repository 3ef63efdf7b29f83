//! The process: command line, configuration, HTTP, start and stop.
//!
//! Always true: nothing here knows SQL or an entity; a handler is a few lines over one platform method; configuration is
//! checked before a port is bound.

// Pages are types as deep as their trees.
#![recursion_limit = "512"]

mod api;
mod assets;
pub mod command;
pub mod config;
mod error;
mod extract;
pub mod fleet;
mod llm;
mod middleware;
mod openapi;
mod process;
mod router;
mod run;
mod state;
mod stream;

pub use run::{Server, start};
