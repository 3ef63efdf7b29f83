//! Rows of the table `service`.

use domain::ids::{ServiceId, TeamId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "service")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ServiceId,
    #[sea_orm(unique)]
    pub name: String,
    pub description: String,
    pub team_id: Option<TeamId>,
    pub labels: Json,
    pub dependencies: Json,
    pub objectives: Json,
    pub is_simulated: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
