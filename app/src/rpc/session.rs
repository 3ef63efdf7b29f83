//! Who am I, and what is there to see: what every page needs to know before it renders.

use domain::Time;
use domain::user::User;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Failure;
use super::{Reply, request};
use crate::theme::Theme;

/// The state of this browser's visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The person logged in, if any.
    pub user: Option<User>,
    /// There is no user yet: the first visitor makes the administrator.
    pub is_set_up_needed: bool,
    /// The demo fleet runs.
    pub is_demo: bool,
    /// When this was answered; relative times start from here.
    pub now: Time,
    pub theme: Theme,
}

/// Who am I.
#[server(name = SessionCall, prefix = "/rpc", endpoint = "session", input = server_fn::codec::Json)]
pub async fn session() -> Result<Session, Failure> {
    let (platform, actor) = request().await?;
    let is_set_up_needed = platform.auth().set_up_needed().await.reply()?;
    let user = actor.user().cloned();
    let is_demo = user.is_some() && platform.demo().status(&actor).await.reply()?.is_enabled;
    Ok(Session { user, is_set_up_needed, is_demo, now: super::request::now(&platform), theme: super::theme_cookie() })
}
