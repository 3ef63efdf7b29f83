//! Teams.

use domain::ids::TeamId;
use domain::user::{NameTeam, Team};
use leptos::prelude::*;

use super::Failure;
use super::{Reply, request};

/// All teams.
#[server(prefix = "/rpc", endpoint = "teams", input = server_fn::codec::Json)]
pub async fn teams() -> Result<Vec<Team>, Failure> {
    let (platform, actor) = request().await?;
    platform.teams().list(&actor).await.reply()
}

/// Makes a team.
#[server(prefix = "/rpc", endpoint = "create_team")]
pub async fn create_team(input: NameTeam) -> Result<Team, Failure> {
    let (platform, actor) = request().await?;
    platform.teams().create(&actor, input).await.reply()
}

/// Renames a team.
#[server(prefix = "/rpc", endpoint = "rename_team")]
pub async fn rename_team(id: TeamId, input: NameTeam) -> Result<Team, Failure> {
    let (platform, actor) = request().await?;
    platform.teams().update(&actor, id, input).await.reply()
}

/// Removes a team.
#[server(prefix = "/rpc", endpoint = "delete_team")]
pub async fn delete_team(id: TeamId) -> Result<(), Failure> {
    let (platform, actor) = request().await?;
    platform.teams().delete(&actor, id).await.reply()
}
