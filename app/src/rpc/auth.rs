//! Logging in and out, setting up, and one's own password.

use domain::user::{ChangePassword, Login, ResetPassword, SetUp};
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request, request::client_info, set_cookie};

/// Logs in and goes on to `next`, a path of this site.
#[server(prefix = "/rpc", endpoint = "log_in")]
pub async fn log_in(input: Login, #[server(default)] next: String) -> Result<(), Failure> {
    let (platform, _) = request().await?;
    let logged_in = platform.auth().log_in(input, &client_info().await).await.reply()?;
    set_cookie(&platform.auth().session_cookie(&logged_in));
    leptos_axum::redirect(crate::session::safe_next(&next));
    Ok(())
}

/// Makes the first administrator.
#[server(name = SetUpCall, prefix = "/rpc", endpoint = "set_up")]
pub async fn set_up(input: SetUp) -> Result<(), Failure> {
    let (platform, _) = request().await?;
    let logged_in = platform.auth().set_up(input, &client_info().await).await.reply()?;
    set_cookie(&platform.auth().session_cookie(&logged_in));
    leptos_axum::redirect("/");
    Ok(())
}

/// Ends this log-in.
#[server(prefix = "/rpc", endpoint = "log_out")]
pub async fn log_out() -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.auth().log_out(&actor).await.reply()?;
    set_cookie(&platform.auth().clear_session_cookie());
    leptos_axum::redirect("/login");
    Ok(())
}

/// Ends every log-in of this person, this one too.
#[server(prefix = "/rpc", endpoint = "log_out_everywhere")]
pub async fn log_out_everywhere() -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.auth().log_out_everywhere(&actor).await.reply()?;
    set_cookie(&platform.auth().clear_session_cookie());
    leptos_axum::redirect("/login");
    Ok(())
}

/// Changes one's own password; other log-ins end, this one goes on with a new cookie.
#[server(name = ChangePasswordCall, prefix = "/rpc", endpoint = "change_password")]
pub async fn change_password(input: ChangePassword) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    let logged_in = platform.auth().change_password(&actor, input, &client_info().await).await.reply()?;
    set_cookie(&platform.auth().session_cookie(&logged_in));
    super::back_to("/settings/account?done=password");
    Ok(())
}

/// Sets a new password with the one-time token of a link.
#[server(name = ResetPasswordCall, prefix = "/rpc", endpoint = "reset_password")]
pub async fn reset_password(input: ResetPassword) -> Result<(), Failure> {
    let (platform, _) = request().await?;
    platform.auth().reset_password(input, &client_info().await).await.reply()?;
    leptos_axum::redirect("/login?done=reset");
    Ok(())
}
