//! Log in and out, one's own password, the first administrator.

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use domain::user::{ChangePassword, LoggedIn, Login, ResetPassword, SetUp, User};
use http::StatusCode;
use http::header::SET_COOKIE;
use platform::Platform;

use super::responses::Refusals;
use crate::error::Answer;
use crate::extract::{Body, From_, Who};

fn with_cookie(platform: &Platform, logged_in: LoggedIn) -> impl IntoResponse + use<> {
    let cookie = platform.auth().session_cookie(&logged_in);
    (AppendHeaders([(SET_COOKIE, cookie)]), Json(logged_in))
}

/// Log in with e-mail and password.
///
/// The token is a bearer token; the same log-in is set as a cookie for browsers.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "Access", request_body = Login,
    responses((status = 200, body = LoggedIn), Refusals), security(()))]
pub(crate) async fn log_in(
    State(platform): State<Platform>,
    From_(client): From_,
    Body(input): Body<Login>,
) -> Answer<impl IntoResponse> {
    let logged_in = platform.auth().log_in(input, &client).await?;
    Ok(with_cookie(&platform, logged_in))
}

/// End this log-in.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "Access", responses((status = 204), Refusals))]
pub(crate) async fn log_out(State(platform): State<Platform>, Who(actor): Who) -> Answer<impl IntoResponse> {
    platform.auth().log_out(&actor).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, platform.auth().clear_session_cookie())])))
}

/// End every log-in of this person.
#[utoipa::path(post, path = "/api/v1/auth/logout-everywhere", tag = "Access", responses((status = 204), Refusals))]
pub(crate) async fn log_out_everywhere(State(platform): State<Platform>, Who(actor): Who) -> Answer<impl IntoResponse> {
    platform.auth().log_out_everywhere(&actor).await?;
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, platform.auth().clear_session_cookie())])))
}

/// Replace this log-in by a fresh one.
///
/// The old token ends.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "Access", responses((status = 200, body = LoggedIn), Refusals))]
pub(crate) async fn refresh(
    State(platform): State<Platform>,
    Who(actor): Who,
    From_(client): From_,
) -> Answer<impl IntoResponse> {
    let logged_in = platform.auth().rotate(&actor, &client).await?;
    Ok(with_cookie(&platform, logged_in))
}

/// The person who asks.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "Access", responses((status = 200, body = User), Refusals))]
pub(crate) async fn me(Who(actor): Who) -> Answer<Json<User>> {
    Ok(Json(actor.person()?.0.clone()))
}

/// Change one's own password.
///
/// Every other log-in of this person ends.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "Access", request_body = ChangePassword,
    responses((status = 200, body = LoggedIn), Refusals))]
pub(crate) async fn change_password(
    State(platform): State<Platform>,
    Who(actor): Who,
    From_(client): From_,
    Body(input): Body<ChangePassword>,
) -> Answer<impl IntoResponse> {
    let logged_in = platform.auth().change_password(&actor, input, &client).await?;
    Ok(with_cookie(&platform, logged_in))
}

/// Set a password with the token of a one-time link.
#[utoipa::path(post, path = "/api/v1/auth/reset", tag = "Access", request_body = ResetPassword, responses((status = 204), Refusals), security(()))]
pub(crate) async fn reset_password(
    State(platform): State<Platform>,
    From_(client): From_,
    Body(input): Body<ResetPassword>,
) -> Answer<StatusCode> {
    platform.auth().reset_password(input, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make the first administrator.
///
/// Only while there is no user.
#[utoipa::path(post, path = "/api/v1/auth/setup", tag = "Access", request_body = SetUp, responses((status = 200, body = LoggedIn), Refusals), security(()))]
pub(crate) async fn set_up(
    State(platform): State<Platform>,
    From_(client): From_,
    Body(input): Body<SetUp>,
) -> Answer<impl IntoResponse> {
    let logged_in = platform.auth().set_up(input, &client).await?;
    Ok(with_cookie(&platform, logged_in))
}
