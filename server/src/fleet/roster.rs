//! The four services as the supervisor knows them.
//!
//! Always true: what a service is, is said once, in [`ServiceKind`]; this only hands it on.

use std::path::PathBuf;

use platform::demo::{Fleet, Member};

use super::kind::ServiceKind;

/// The fleet that the given executable, this binary, can be.
#[must_use]
pub fn members(executable: PathBuf) -> Fleet {
    let member = |kind: ServiceKind| Member {
        name: kind.name().to_owned(),
        description: kind.description().to_owned(),
        peers: kind.peers().iter().map(|peer| peer.name().to_owned()).collect(),
        supported: kind.supported().to_vec(),
    };
    Fleet { executable, members: ServiceKind::ALL.into_iter().map(member).collect() }
}
