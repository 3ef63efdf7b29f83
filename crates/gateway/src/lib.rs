//! The LLM data path: one URL in front of every model.
//!
//! A [`Request`] comes in through a door (the API its caller speaks), its model names a route, the route's targets are tried in
//! order under its limits, and the [`Answer`] goes out as bytes or as a stream. What happened is told to the [`Recorder`].
//! What is known about a failure before the first byte goes out is used to fail over; afterwards it is said.
//!
//! Always true: no database, no wall clock of its own, no HTTP server; settings are replaced without a lock on the way of a call;
//! a call ends within its limits; a call that came to a door leaves exactly one record.

pub mod allowance;
pub mod attribution;
pub mod breaker;
mod cache;
mod call;
pub mod chaos;
mod chat;
mod clock;
mod door;
mod failure;
mod gateway;
mod guard;
mod json;
mod peek;
pub mod price;
mod protocol;
mod record;
mod relay;
mod request;
pub mod safety;
pub mod settings;
mod simulate;
mod snapshot;
mod sse;
mod tokens;
mod upstream;

pub use call::{Answer, AnswerStream, Body};
pub use clock::Clock;
pub use failure::Class;
pub use gateway::{Gateway, NotBuilt};
pub use guard::{Found, Part, is_blocked};
pub use record::{Attempt, AttemptOutcome, Bodies, Outcome, Record, Recorder, Skipped, Usage};
pub use request::{Caller, Door, Request};
