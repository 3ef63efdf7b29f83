//! People.

use domain::ids::UserId;
use domain::user::{ResetLink, Team, User};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Failure;
use super::{Reply, flash, request};
use crate::forms::{EditUserForm, NewUserForm};

/// Everything of the Users and teams page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct People {
    pub users: Vec<User>,
    pub teams: Vec<Team>,
    /// The one-time link that a form post has just made.
    pub just_made: Option<String>,
}

/// All people and teams.
#[server(name = PeopleCall, prefix = "/rpc", endpoint = "people", input = server_fn::codec::Json)]
pub async fn people() -> Result<People, Failure> {
    let (platform, actor) = request().await?;
    let users = platform.users().list(&actor).await.reply()?;
    let teams = platform.teams().list(&actor).await.reply()?;
    Ok(People { users, teams, just_made: flash::take(&platform) })
}

/// Makes a person; without a password the answer has a one-time link.
#[server(prefix = "/rpc", endpoint = "create_user")]
pub async fn create_user(input: NewUserForm) -> Result<Option<ResetLink>, Failure> {
    let (platform, actor) = request().await?;
    let (_, link) = platform.users().create(&actor, input.into_input().reply()?).await.reply()?;
    if let Some(link) = &link {
        flash::leave(&platform, &link.url);
    }
    Ok(link)
}

/// Changes a person.
#[server(prefix = "/rpc", endpoint = "update_user")]
pub async fn update_user(id: UserId, input: EditUserForm) -> Result<User, Failure> {
    let (platform, actor) = request().await?;
    platform.users().update(&actor, id, input.into_input().reply()?).await.reply()
}

/// Removes a person.
#[server(prefix = "/rpc", endpoint = "delete_user")]
pub async fn delete_user(id: UserId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.users().delete(&actor, id).await.reply()
}

/// Makes a one-time link with which a person sets a new password.
#[server(prefix = "/rpc", endpoint = "make_reset_link")]
pub async fn make_reset_link(id: UserId) -> Result<ResetLink, Failure> {
    let (platform, actor) = request().await?;
    let link = platform.users().reset_link(&actor, id).await.reply()?;
    flash::leave(&platform, &link.url);
    Ok(link)
}
