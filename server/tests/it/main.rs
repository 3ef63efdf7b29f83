//! The doors of the server, tested through its own router on a real database.
//!
//! Always true: each test has a database of its own; every test runs on SQLite, and on PostgreSQL too where
//! `BELLWETHER_TEST_POSTGRES` names a server; time is moved, never waited for.

#![recursion_limit = "512"]

#[cfg(test)]
#[macro_use]
mod support;

#[cfg(test)]
mod access;
#[cfg(test)]
mod anomalies;
#[cfg(test)]
mod auth;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod chaos;
#[cfg(test)]
mod command;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod parity;
#[cfg(test)]
mod prometheus;
#[cfg(test)]
mod request;
#[cfg(test)]
mod resource;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod spending;
#[cfg(test)]
mod stream;
