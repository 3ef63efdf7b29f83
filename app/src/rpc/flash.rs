//! A value that a plain form post made and the next page shows once: a new key, a one-time link. Server only.
//!
//! Always true: it travels in a cookie no script can read, sent to the settings pages only, gone after a minute or one look.

use http::header::ACCEPT;
use http::request::Parts;
use leptos::prelude::use_context;
use platform::Platform;

use super::request::{cookie, set_cookie};

const NAME: &str = "made_once";

/// Leaves the value for the next page, unless the caller is a program that reads the answer itself.
pub(super) fn leave(platform: &Platform, value: &str) {
    let accept = use_context::<Parts>().and_then(|parts| parts.headers.get(ACCEPT).cloned());
    if accept.and_then(|accept| accept.to_str().ok().map(|text| text.contains("text/html"))).unwrap_or(false) {
        set_cookie(&cookie_of(platform, value, 60));
    }
}

/// Takes the value, if one was left.
pub(super) fn take(platform: &Platform) -> Option<String> {
    let value = cookie(NAME).filter(|value| !value.is_empty())?;
    set_cookie(&cookie_of(platform, "", 0));
    Some(value)
}

/// As secure as the session's own cookie is on this server.
fn cookie_of(platform: &Platform, value: &str, max_age_secs: u32) -> String {
    let secure = if platform.auth().clear_session_cookie().contains("; Secure") { "; Secure" } else { "" };
    format!("{NAME}={value}; Path=/settings; Max-Age={max_age_secs}; HttpOnly; SameSite=Strict{secure}")
}
