//! Rows of the table `target`.

use domain::ids::TargetId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TargetId,
    pub service: String,
    pub url: String,
    pub interval_ms: i32,
    pub timeout_ms: i32,
    pub sample_limit: i32,
    pub labels: Json,
    pub is_enabled: bool,
    pub is_simulated: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
