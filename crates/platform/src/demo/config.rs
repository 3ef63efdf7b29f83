//! `[demo]`.

use serde::Deserialize;

use super::Fleet;

/// Whether the demo fleet runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoConfig {
    /// Starts the fleet; the same as `--demo`.
    pub enabled: bool,
    /// What is started: no setting, the process says it.
    #[serde(skip)]
    pub fleet: Option<Fleet>,
}
