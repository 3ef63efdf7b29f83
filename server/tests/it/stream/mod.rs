//! The WebSocket stream, with a real client on a real socket.

mod client;
mod order;
mod refusal;
mod slow;

use domain::access::Scope;

use crate::support::{Caller, World};

/// A program that may listen.
async fn listener(world: &World) -> Caller {
    world.key(&[Scope::Read]).await
}
