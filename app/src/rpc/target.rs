//! Scrape targets.

use domain::ids::TargetId;
use domain::target::Target;
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};
use crate::forms::TargetForm;

/// All targets with how their last scrape went.
#[server(prefix = "/rpc", endpoint = "targets", input = server_fn::codec::Json)]
pub async fn targets() -> Result<Vec<Target>, Failure> {
    let (platform, actor) = request().await?;
    platform.targets().list(&actor).await.reply()
}

/// Adds a target.
#[server(prefix = "/rpc", endpoint = "create_target")]
pub async fn create_target(input: TargetForm) -> Result<Target, Failure> {
    let (platform, actor) = request().await?;
    platform.targets().create(&actor, input.into_input().reply()?).await.reply()
}

/// Changes a target.
#[server(prefix = "/rpc", endpoint = "update_target")]
pub async fn update_target(id: TargetId, input: TargetForm) -> Result<Target, Failure> {
    let (platform, actor) = request().await?;
    platform.targets().update(&actor, id, input.into_input().reply()?).await.reply()
}

/// Removes a target.
#[server(prefix = "/rpc", endpoint = "delete_target")]
pub async fn delete_target(id: TargetId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.targets().delete(&actor, id).await.reply()
}
