//! The state of the live connection in the header, and the connection itself.

use super::connection::Connection;
use crate::prelude::*;

/// Says at once when the page stops being live.
#[island]
pub fn LiveBadge() -> impl IntoView {
    let state = RwSignal::new(Connection::default());
    #[cfg(feature = "hydrate")]
    crate::browser::socket::connect(state);
    view! {
        <span class=move || format!("live live-{}", state.get().class()) role="status" aria-live="polite">
            <span class="live-dot" aria-hidden="true"></span>
            {move || state.get().word()}
        </span>
    }
}
