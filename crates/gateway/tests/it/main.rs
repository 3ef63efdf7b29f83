//! The gateway against fakes of its providers, over real sockets on free ports.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod anthropic;
mod chaos;
mod cohere;
mod document;
mod embeddings;
mod failures;
mod fake;
mod gemini;
mod hang_up;
mod money;
mod passing;
mod protocols;
mod routes;
mod safety;
mod simulation;
mod streams;
mod world;
