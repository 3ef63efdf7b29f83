//! Chaos: faults that are injected on purpose, above TLS, into a chosen part of the traffic.
//!
//! Always true: an experiment has an end that does not depend on anybody ending it; what is outside its scope is never touched;
//! whether a call is touched is decided by a pure function of the experiment, the call and the time.

mod decide;
mod experiment;
mod laboratory;

pub use experiment::{End, Experiment, ExperimentView, Fault, Scope};

pub(crate) use decide::{Effect, Place};
pub(crate) use laboratory::{Exposure, Laboratory};
