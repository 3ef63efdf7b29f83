//! What the handlers of one service share.
//!
//! Always true: there is one of these per process, made before the first request is accepted.

use std::sync::Arc;

use tokio_util::task::TaskTracker;

use super::FleetOptions;
use super::dice::Dice;
use super::faults::Faults;
use super::kind::{ServiceKind, UnknownService};
use super::model::Model;
use super::peers::Peers;
use super::pool::Pool;
use super::services::users::Cache;
use super::telemetry::Telemetry;

/// Stream of the draws that handlers make, see [`Dice::new`].
const WORK_STREAM: u64 = 1;

/// One service.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) kind: ServiceKind,
    pub(super) token: String,
    pub(super) dice: Dice,
    /// What requests compete for: database connections, lines to the bank or slots of the model.
    pub(super) pool: Arc<Pool>,
    pub(super) peers: Peers,
    pub(super) faults: Arc<Faults>,
    pub(super) telemetry: Telemetry,
    /// People that `users` has looked up lately.
    pub(super) cache: Cache,
    pub(super) model: Arc<Model>,
}

impl Service {
    /// `port` is our own: the load generator comes in through the front door.
    pub(super) fn new(options: &FleetOptions, port: u16, tasks: TaskTracker) -> Result<Arc<Self>, UnknownService> {
        let kind: ServiceKind = options.name.parse()?;
        let pool = Pool::new(pool_size(kind));
        let model = Arc::new(Model::new(options.seed));
        Ok(Arc::new(Self {
            kind,
            token: options.token.clone(),
            dice: Dice::new(options.seed, WORK_STREAM),
            faults: Faults::new(kind, pool.clone(), tasks),
            telemetry: Telemetry::new(kind, &pool, &model),
            peers: Peers::new(&options.peers, kind, port),
            cache: Cache::default(),
            pool,
            model,
        }))
    }
}

const fn pool_size(kind: ServiceKind) -> usize {
    match kind {
        ServiceKind::Orders | ServiceKind::Users => 20,
        ServiceKind::Payments => 16,
        ServiceKind::ThreatDetection => 8,
    }
}
