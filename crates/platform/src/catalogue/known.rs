//! Names of services in memory, and when each was last heard of.
//!
//! Always true: asking and noting take one short lock and no query.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Time;
use parking_lot::RwLock;

use crate::clock::from_ms;

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    is_simulated: bool,
    /// Unix milliseconds; zero is never.
    last_ms: i64,
}

/// Services known to the catalogue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(Arc<RwLock<HashMap<String, Seen>>>);

impl Known {
    pub(crate) fn add(&self, name: &str, is_simulated: bool) {
        self.0.write().entry(name.to_owned()).or_default().is_simulated = is_simulated;
    }

    pub(crate) fn remove(&self, name: &str) {
        self.0.write().remove(name);
    }

    /// Notes that data arrived; `false` when the name is not known.
    pub(crate) fn note(&self, name: &str, at_ms: i64) -> bool {
        match self.0.write().get_mut(name) {
            Some(seen) => {
                seen.last_ms = seen.last_ms.max(at_ms);
                true
            }
            None => false,
        }
    }

    pub(crate) fn last_seen(&self, name: &str) -> Option<Time> {
        self.0.read().get(name).filter(|seen| seen.last_ms > 0).map(|seen| from_ms(seen.last_ms))
    }

    pub(crate) fn is_simulated(&self, name: &str) -> bool {
        self.0.read().get(name).is_some_and(|seen| seen.is_simulated)
    }
}
