//! Start and stop of the serving process.
//!
//! Always true: the port is bound before the platform starts, so a start that fails for its address touches no database;
//! stopping ends streams first, then requests, then tasks, then writes and closes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use leptos::config::LeptosOptions;
use platform::Platform;
use platform::clock::{Clock, SystemClock};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::state::AppState;
use crate::{assets, openapi, router};

/// How long open requests may go on after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// A process that is ready to serve.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    router: axum::Router,
    platform: Platform,
}

/// Binds, starts the platform and builds the routes.
///
/// # Errors
/// When the address is taken, or the platform cannot start.
pub async fn start(config: Config, clock: Option<Arc<dyn Clock>>) -> anyhow::Result<Server> {
    let listener = TcpListener::bind(&config.server.address).await.with_context(|| {
        format!("cannot listen on {}; choose another with BELLWETHER__SERVER__ADDRESS", config.server.address)
    })?;
    let max_write_bytes = config.platform.metrics.max_write_bytes;
    let clock = clock.unwrap_or_else(|| Arc::new(SystemClock));
    let platform =
        Platform::start(config.platform, clock, config.lines).await.map_err(|error| anyhow::anyhow!(error.chain()))?;
    let (rest, document) = router::rest(max_write_bytes);
    let assets = assets::addresses();
    let state = AppState {
        docs: openapi::page(&document, &assets.css).into(),
        openapi: document.to_json().context("writing the OpenAPI document")?.into(),
        config: Arc::new(config.server),
        leptos: LeptosOptions::builder().output_name("bellwether").build(),
        platform: platform.clone(),
        assets,
    };
    Ok(Server { listener, router: router::router(rest, state), platform })
}

impl Server {
    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The platform behind it.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// The routes, for tests that need no socket.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Serves until the token is cancelled, then drains.
    ///
    /// # Errors
    /// When serving fails.
    pub async fn serve(self, stop: CancellationToken) -> anyhow::Result<()> {
        let Self { listener, router, platform } = self;
        let begin = {
            let (platform, stop) = (platform.clone(), stop.clone());
            async move {
                stop.cancelled().await;
                platform.begin_stop();
            }
        };
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(begin).into_future();
        tokio::select! {
            outcome = serving => outcome.context("serving")?,
            () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => {
                tracing::warn!("stopping although some requests are still open");
            }
        }
        platform.finish_stop().await;
        Ok(())
    }
}
