//! API keys of programs.

use domain::ids::KeyId;
use domain::key::{ApiKey, CreatedKey};
use domain::user::Team;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Failure;
use super::{Reply, flash, request};
use crate::forms::KeyForm;

/// Everything of the Keys page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyList {
    pub keys: Vec<ApiKey>,
    pub teams: Vec<Team>,
    /// The value of the key that a form post has just made.
    pub just_made: Option<String>,
}

/// All keys, without their values.
#[server(prefix = "/rpc", endpoint = "keys", input = server_fn::codec::Json)]
pub async fn keys() -> Result<KeyList, Failure> {
    let (platform, actor) = request().await?;
    let keys = platform.keys().list(&actor).await.reply()?;
    let teams = platform.teams().list(&actor).await.reply()?;
    Ok(KeyList { keys, teams, just_made: flash::take(&platform) })
}

/// Makes a key; its value is in this answer only.
#[server(prefix = "/rpc", endpoint = "create_key")]
pub async fn create_key(input: KeyForm) -> Result<CreatedKey, Failure> {
    let (platform, actor) = request().await?;
    let input = input.into_input(super::request::now(&platform)).reply()?;
    let made = platform.keys().create(&actor, input).await.reply()?;
    flash::leave(&platform, &made.key);
    Ok(made)
}

/// Gives a key a new value; the old one stops working.
#[server(prefix = "/rpc", endpoint = "rotate_key")]
pub async fn rotate_key(id: KeyId) -> Result<CreatedKey, Failure> {
    let (platform, actor) = request().await?;
    let made = platform.keys().rotate(&actor, id).await.reply()?;
    flash::leave(&platform, &made.key);
    Ok(made)
}

/// Stops a key from working, and keeps its row.
#[server(prefix = "/rpc", endpoint = "revoke_key")]
pub async fn revoke_key(id: KeyId) -> Result<ApiKey, Failure> {
    let (platform, actor) = request().await?;
    platform.keys().revoke(&actor, id).await.reply()
}

/// Removes a key and its row.
#[server(prefix = "/rpc", endpoint = "delete_key")]
pub async fn delete_key(id: KeyId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.keys().delete(&actor, id).await.reply()
}
