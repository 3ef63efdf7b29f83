//! The state of the live connection in the header.

use crate::live::{Connection, use_live};
use crate::prelude::*;

/// Says at once when the page stops being live.
#[component]
pub(crate) fn LiveBadge() -> impl IntoView {
    let live = use_live();
    let state = move || live.map_or(Connection::Idle, |live| live.connection.get());
    view! {
        <span class=move || format!("live live-{}", state().class()) role="status" aria-live="polite">
            <span class="live-dot" aria-hidden="true"></span>
            {move || state().word()}
        </span>
    }
}
