//! How the connection to the event stream is.

/// The state of the one connection of this tab.
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
