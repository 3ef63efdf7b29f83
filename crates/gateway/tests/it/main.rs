//! The gateway against fakes of its providers, over real sockets on free ports.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod chaos;
mod failures;
mod fake;
mod hang_up;
mod money;
mod passing;
mod routes;
mod simulation;
mod streams;
mod world;
