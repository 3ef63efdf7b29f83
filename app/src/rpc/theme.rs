//! The choice of theme. Needs nobody to be logged in.

use leptos::prelude::*;

use super::Failure;
use crate::theme::Theme;

/// Remembers the theme in this browser.
#[server(prefix = "/rpc", endpoint = "set_theme")]
pub async fn set_theme(theme: Theme) -> Result<(), Failure> {
    super::set_cookie(&theme.cookie());
    Ok(())
}
