//! The rules of ARCHITECTURE.md and CONTRIBUTING.md that can be read from the sources.
//!
//! Always true: a rule is a test that names the file and line that break it.

#[cfg(test)]
mod crates;
#[cfg(test)]
mod files;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod source;
