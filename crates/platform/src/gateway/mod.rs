//! The gateway as the product remembers it: providers, routes, the history of calls, how breakers stand, money and chaos.
//!
//! The cast: [`Gateway`] is the service; [`Settings`](settings::Settings) makes what is stored effective in the data
//! path; [`Recorder`](recorder::Recorder) takes records off it and [`RequestLog`](log::RequestLog) writes them in
//! batches; [`Traffic`] turns them into samples of their services. [`money`] and [`chaos`] are capabilities of their own on the same handle.
//!
//! Always true: a call never waits for the database; what was answered is in the history at most a second later; a
//! change of providers or routes is effective for the next call, without a restart.

mod automation;
mod board;
mod breakers;
mod call;
mod chaos;
mod config;
mod elsewhere;
mod figures;
mod log;
mod money;
mod providers;
mod recorder;
mod requests;
mod routes;
mod safety;
mod seed;
mod settings;
mod store;
mod traffic;
mod view;

use std::sync::Arc;

pub use config::{BreakerSettings, GatewayConfig, key_name};
pub(crate) use traffic::Traffic;

use self::log::RequestLog;
use self::recorder::Recorder;
use self::settings::Settings;
use domain::Time;
use sea_orm::ConnectionTrait;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::secret::Secrets;

/// The gateway.
#[derive(Clone, Debug)]
pub struct Gateway {
    context: Context,
    path: Arc<::gateway::Gateway>,
    settings: Arc<Settings>,
    recorder: Arc<Recorder>,
    experiments: chaos::Kept,
    automations: automation::Automations,
}

impl Gateway {
    /// Loads what is stored and makes it effective. Calls are recorded until the platform stops.
    pub(crate) async fn start(context: Context, secrets: Secrets) -> Result<Self> {
        let (recorder, entries) = Recorder::new(context.tasks.traffic.clone());
        let clock = Arc::new(clock::DataPathClock(Arc::clone(&context.clock)));
        let path = Arc::new(
            ::gateway::Gateway::new(clock, recorder.clone())
                .map_err(|e| Error::internal("setting up the gateway", e))?,
        );
        let settings = Arc::new(Settings::new(context.clone(), secrets, Arc::clone(&path)));
        seed::first_start(&context).await?;
        settings.reload().await?;
        path.restore_breakers(store::breakers(context.db.read()).await?);
        let keeper = money::Keeper::restore(&context, Arc::clone(&path)).await?;
        context.tracker.spawn(RequestLog::new(context.clone(), keeper).run(entries));
        let experiments = chaos::restore(&context, &path).await?;
        Ok(Self { context, path, settings, recorder, experiments, automations: automation::Automations::default() })
    }
}

/// Deletes calls and experiments from before one time, and sums of costs from before another. Answers with the number of calls.
pub(crate) async fn expire(db: &impl ConnectionTrait, calls_before: Time, costs_before: Time) -> Result<u64> {
    money::expire(db, costs_before).await?;
    chaos::expire(db, calls_before).await?;
    store::expire(db, calls_before).await
}

mod clock {
    use std::sync::Arc;

    /// The platform's clock for the data path.
    #[derive(Debug)]
    pub(super) struct DataPathClock(pub(super) Arc<dyn crate::clock::Clock>);

    impl ::gateway::Clock for DataPathClock {
        fn now_ms(&self) -> i64 {
            self.0.now_ms()
        }
    }
}
