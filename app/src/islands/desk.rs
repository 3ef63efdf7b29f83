//! The keyboard of the whole application: the palette, the list of keys, and the keys themselves.

use serde::{Deserialize, Serialize};

use super::palette::Palette;
use super::shortcuts::Shortcuts;
use crate::prelude::*;

/// A place one can go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// What it is called.
    pub label: String,
    /// What kind of place it is.
    pub group: String,
    /// Its address on this site.
    pub href: String,
    /// Not a page of this application: the browser loads it whole.
    pub is_external: bool,
}

/// The dialogs that `Ctrl-K` and `?` open. `pages` are those this visit may see.
#[island]
pub fn Desk(pages: Vec<Destination>) -> impl IntoView {
    let palette = RwSignal::new(false);
    let shortcuts = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    crate::browser::keys::listen(palette, shortcuts);
    view! {
        <Palette pages open=palette/>
        <Shortcuts open=shortcuts/>
    }
}
