//! What every capability is handed: the database, the clock, the bus, the activators and the way to spawn.
//!
//! Always true: cloning it costs one counter, since everybody holds one and requests clone everybody; made once at start;
//! holds no state of any capability.

use std::ops::Deref;
use std::sync::Arc;

use domain::Time;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::PlatformConfig;
use crate::database::Database;
use crate::stream::Bus;
use crate::task::Tasks;

/// Shared ground.
#[derive(Clone, Debug)]
pub(crate) struct Context(Arc<Ground>);

/// What is shared.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) db: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bus: Bus,
    pub(crate) tasks: Tasks,
    pub(crate) config: Arc<PlatformConfig>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

impl Deref for Context {
    type Target = Ground;

    fn deref(&self) -> &Ground {
        &self.0
    }
}

impl From<Ground> for Context {
    fn from(ground: Ground) -> Self {
        Self(Arc::new(ground))
    }
}

impl Context {
    /// Now.
    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// A new id; sorts after all that were made before.
    pub(crate) fn id<T: From<uuid::Uuid>>() -> T {
        uuid::Uuid::now_v7().into()
    }
}
