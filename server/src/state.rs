//! What handlers are handed.

use std::sync::Arc;

use app::Assets;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use platform::Platform;

use crate::config::ServerConfig;

/// Shared by all handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) platform: Platform,
    pub(crate) config: Arc<ServerConfig>,
    pub(crate) assets: Assets,
    pub(crate) openapi: Arc<str>,
    pub(crate) docs: Arc<str>,
    pub(crate) leptos: LeptosOptions,
}

impl FromRef<AppState> for Platform {
    fn from_ref(state: &AppState) -> Self {
        state.platform.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
