//! The WebSocket stream, with a real client on a real socket.

mod client;
mod order;
mod refusal;
mod slow;

use domain::access::Scope;
use domain::metric::{PushSample, PushSamples};
use platform::actor::Actor;

use crate::support::{Caller, World};

/// A program that may listen.
async fn listener(world: &World) -> Caller {
    world.key(&[Scope::Read]).await
}

/// Samples of new services, each of which becomes an event.
async fn mention(world: &World, names: impl IntoIterator<Item = String>) {
    let sample = |service| PushSample {
        service,
        metric: "depth".to_owned(),
        value: 1.0,
        timestamp: None,
        labels: Default::default(),
    };
    let samples = names.into_iter().map(sample).collect();
    world.platform.metrics().push(&Actor::System, PushSamples { samples }).await.unwrap();
}

/// Samples that say that a service is up (1) or down (0).
async fn say_up(world: &World, service: &str, value: f64) {
    let sample = PushSample {
        service: service.to_owned(),
        metric: "up".to_owned(),
        value,
        timestamp: None,
        labels: Default::default(),
    };
    world.platform.metrics().push(&Actor::System, PushSamples { samples: vec![sample] }).await.unwrap();
}
