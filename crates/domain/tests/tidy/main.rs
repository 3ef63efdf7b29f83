//! The rules of ARCHITECTURE.md and CONTRIBUTING.md that can be read from the sources.
//!
//! Always true: a rule is a test that names the file and line that break it.

mod crates;
mod files;
mod layers;
mod schema;
mod source;
