//! What the tests stand on: a world (router, platform, clock, database) and calls into it.

mod call;
mod caller;
mod database;
mod eventually;
#[macro_use]
mod run;
mod telemetry;
mod world;

pub(crate) use call::{Answer, Call};
pub(crate) use caller::Caller;
pub(crate) use database::Backend;
pub(crate) use eventually::eventually;
pub(crate) use run::run;
pub(crate) use world::{PASSWORD, World};
