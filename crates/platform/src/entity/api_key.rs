//! Rows of the table `api_key`.

use domain::ids::{KeyId, TeamId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyId,
    pub name: String,
    pub prefix: String,
    #[sea_orm(unique)]
    pub hash: String,
    /// Words separated by spaces.
    pub scopes: String,
    pub team_id: Option<TeamId>,
    pub rate_limit: i32,
    pub created_at: DateTimeUtc,
    pub expires_at: Option<DateTimeUtc>,
    pub last_used_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
