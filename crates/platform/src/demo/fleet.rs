//! What a fleet is made of: an executable and the services it can be.
//!
//! Always true: a member is started as `executable demo-service --name NAME --port PORT --peer NAME=PORT… --seed N`, with
//! the token of its fault switches in [`TOKEN_VARIABLE`] and a standard input whose end tells it to stop.

use std::path::PathBuf;

use domain::demo::FaultKind;

/// The environment variable that carries the token.
pub const TOKEN_VARIABLE: &str = "BELLWETHER_FLEET_TOKEN";

/// The header that carries the token.
pub(super) const TOKEN_HEADER: &str = "x-fleet-token";

/// The subcommand of the executable.
pub(super) const SUBCOMMAND: &str = "demo-service";

/// A fleet that can be started.
#[derive(Clone, Debug)]
pub struct Fleet {
    pub executable: PathBuf,
    /// Those that are called before those that call them.
    pub members: Vec<Member>,
}

/// One service of a fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    /// One sentence for a person.
    pub description: String,
    /// Names of the members it calls.
    pub peers: Vec<String>,
    /// The faults it can be given.
    pub supported: Vec<FaultKind>,
}
