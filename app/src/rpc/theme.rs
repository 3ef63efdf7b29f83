//! The choice of theme. Needs nobody to be logged in.

#![expect(clippy::unused_async, reason = "a server function is asynchronous")]

use leptos::prelude::*;

use super::Failure;
use crate::theme::Theme;

/// Remembers the theme in this browser.
#[server(prefix = "/rpc", endpoint = "set_theme")]
pub async fn set_theme(theme: Theme) -> Result<(), Failure> {
    super::set_cookie(&theme.cookie());
    Ok(())
}
