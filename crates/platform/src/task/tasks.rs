//! One activator for each task, made before the tasks so that any code can name the task it wakes.
//!
//! Always true: a field here has exactly one task registered with the driver at start.

use super::Activator;

/// The activators.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    /// Looks for series that have gone silent.
    pub missing: Activator,
    /// Writes what detectors have learned.
    pub detector_states: Activator,
    /// Seals chunks and frees batches.
    pub checkpoint: Activator,
    /// Rolls up and expires.
    pub retention: Activator,
    /// Keeps the scrapers in step with the targets.
    pub scraping: Activator,
    /// Measures this machine.
    pub host: Activator,
    /// Computes the signals of services.
    pub signals: Activator,
    /// Turns calls through the gateway into samples.
    pub traffic: Activator,
    /// Ends old log-ins, links and events.
    pub housekeeping: Activator,
}
