//! Queries of teams.

use domain::ids::TeamId;
use domain::user::Team;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _, QueryOrder as _, Set,
};

use crate::database::is_taken;
use crate::entity::team;
use crate::error::{Doing as _, Error, Result};

fn view(row: team::Model) -> Team {
    Team { id: row.id, name: row.name, created_at: row.created_at }
}

fn refuse_taken(source: DbErr) -> Error {
    if is_taken(&source) {
        Error::Conflict { message: "there is a team with this name already".to_owned() }
    } else {
        Error::Database { doing: "writing a team", source }
    }
}

pub(super) async fn list(db: &impl ConnectionTrait) -> Result<Vec<Team>> {
    let rows = team::Entity::find().order_by_asc(team::Column::Name).all(db).await.doing("listing teams")?;
    Ok(rows.into_iter().map(view).collect())
}

pub(super) async fn find(db: &impl ConnectionTrait, id: TeamId) -> Result<Team> {
    let row = team::Entity::find_by_id(id).one(db).await.doing("looking up a team")?;
    row.map(view).ok_or(Error::NotFound { what: "team" })
}

pub(super) async fn insert(db: &impl ConnectionTrait, team: Team) -> Result<Team> {
    let row = team::Model { id: team.id, name: team.name, created_at: team.created_at };
    row.into_active_model().insert(db).await.map(view).map_err(refuse_taken)
}

pub(super) async fn rename(db: &impl ConnectionTrait, id: TeamId, name: String) -> Result<Team> {
    let row = team::ActiveModel { id: Set(id), name: Set(name), ..Default::default() };
    row.update(db).await.map(view).map_err(refuse_taken)
}

pub(super) async fn delete(db: &impl ConnectionTrait, id: TeamId) -> Result<()> {
    team::Entity::delete_by_id(id).exec(db).await.doing("deleting a team")?;
    Ok(())
}
