//! Breakers: a switch in front of each provider and model, so that an outage costs one refusal instead of a wait.
//!
//! Always true: the state machine is pure and is told the time; a permit ends exactly once, as a success, a failure or given
//! back; results of calls that began in an earlier state change nothing.

mod history;
mod state;
mod switches;
mod window;

pub use history::{BreakerChange, BreakerView, Cause, SavedBreaker, State};
pub(crate) use switches::{Permit, Refused, Switch, Switches};
