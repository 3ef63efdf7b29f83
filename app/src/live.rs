//! The live connection as the pages see it: its state, the newest event, and data that keeps itself fresh.
//!
//! Always true: without WASM or WebSocket every page still shows what was true when it was loaded.

use leptos::prelude::*;

/// How the connection is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser connects"))]
pub(crate) enum Connection {
    /// Not tried yet, or no WASM.
    #[default]
    Idle,
    Connecting,
    Live,
    /// Lost; being tried again.
    Lost,
}

impl Connection {
    /// The word in the header.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Idle => "As loaded",
            Self::Connecting => "Connecting",
            Self::Live => "Live",
            Self::Lost => "Reconnecting",
        }
    }

    /// The class that colours it.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Idle | Self::Connecting => "idle",
            Self::Live => "live",
            Self::Lost => "lost",
        }
    }
}

/// The one connection of this tab, in context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Live {
    pub(crate) connection: RwSignal<Connection>,
    /// The topic of the newest event seen.
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser receives"))]
    pub(crate) latest: RwSignal<Option<String>>,
}

/// Opens the connection; called once, by the main layout.
pub(crate) fn provide_live() {
    let live = Live { connection: RwSignal::new(Connection::default()), latest: RwSignal::new(None) };
    provide_context(live);
    #[cfg(feature = "hydrate")]
    crate::browser::socket::connect(live);
}

/// The connection that [`provide_live`] opened.
pub(crate) fn use_live() -> Option<Live> {
    use_context()
}

/// Fetches again soon after an event of these topics, and every few seconds while the page is looked at.
#[cfg_attr(not(feature = "hydrate"), expect(unused_variables, reason = "only the browser refreshes"))]
pub(crate) fn keep_fresh(refetch: impl Fn() + Clone + Send + Sync + 'static, topics: &'static [&'static str]) {
    #[cfg(feature = "hydrate")]
    crate::browser::refresh::keep_fresh(refetch, topics);
}
