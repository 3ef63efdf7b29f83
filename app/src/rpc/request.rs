//! What a server function knows of its request, and what it may add to the answer. Server only.
//!
//! Always true: the status of a refusal is set only for programs; a plain form post keeps its redirect.

use axum::Extension;
use domain::Time;
use domain::error::{ApiError, ErrorCode};
use http::header::{ACCEPT, COOKIE, RETRY_AFTER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use platform::Platform;
use platform::actor::Actor;

use super::{Answer, Failure};
use crate::theme::{self, Theme};

/// The platform and whoever asks. The middleware in front has already turned cookie or key into an actor.
pub(crate) async fn request() -> Answer<(Platform, Actor)> {
    let missing = || refuse(ApiError::new(ErrorCode::Internal, "the request came without its context"));
    let platform = use_context::<Platform>().ok_or_else(missing)?;
    let actor = leptos_axum::extract::<Extension<Actor>>().await.map_or(Actor::Anonymous, |Extension(actor)| actor);
    Ok((platform, actor))
}

/// Turns what the platform answers into what the caller gets.
pub(crate) trait Reply<T> {
    /// Converts the error and sets the status that belongs to it.
    fn reply(self) -> Answer<T>;
}

impl<T, E: Into<ApiError>> Reply<T> for Result<T, E> {
    fn reply(self) -> Answer<T> {
        self.map_err(|error| refuse(error.into()))
    }
}

/// The refusal, with the id of the request; its status and headers go to the answer.
pub(super) fn refuse(mut error: ApiError) -> Failure {
    let parts = use_context::<Parts>();
    if error.request_id.is_none() {
        let header = parts.as_ref().and_then(|parts| parts.headers.get("x-request-id"));
        error.request_id = header.and_then(|id| id.to_str().ok()).map(str::to_owned);
    }
    if !parts.as_ref().is_some_and(accepts_html) {
        set_status(error.code);
        if let (Some(response), Some(seconds)) = (use_context::<ResponseOptions>(), error.retry_after_secs) {
            response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    Failure(error)
}

fn set_status(code: ErrorCode) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(code.status())) {
        response.set_status(status);
    }
}

/// Gives the page being rendered the status of the error it shows.
pub(crate) fn page_status(failure: &Failure) {
    set_status(failure.0.code);
}

/// Says that the page being rendered is about nothing that exists.
pub(crate) fn not_found_status() {
    set_status(ErrorCode::NotFound);
}

fn accepts_html(parts: &Parts) -> bool {
    parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// After a plain form post: shows `path` instead of the page the form was on. With WASM the page stays and refreshes.
pub(crate) fn back_to(path: &str) {
    if use_context::<Parts>().as_ref().is_some_and(accepts_html) {
        leptos_axum::redirect(path);
    }
}

/// Adds a cookie to the answer; earlier ones stay.
pub(crate) fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(SET_COOKIE, value);
    }
}

/// The value of a cookie of this request.
pub(super) fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let pairs = parts.headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let found = pairs.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    found.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// The theme this browser asked for.
pub(crate) fn theme_cookie() -> Theme {
    cookie(theme::COOKIE).and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// Who is calling, for the slowing down of failed log-ins.
pub(super) async fn client_info() -> platform::auth::ClientInfo {
    let info = leptos_axum::extract::<Extension<platform::auth::ClientInfo>>().await;
    info.map_or_else(|_| platform::auth::ClientInfo::default(), |Extension(info)| info)
}

/// Now, by the platform's clock.
pub(super) fn now(platform: &Platform) -> Time {
    platform.clock().now()
}
