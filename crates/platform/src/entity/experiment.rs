//! Rows of the table `experiment`.

use domain::gateway::{ExperimentEnd, FaultKind};
use domain::ids::ExperimentId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "experiment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExperimentId,
    pub kind: FaultKind,
    pub intensity: f64,
    pub scope: Json,
    pub abort_above: Option<f64>,
    pub started_by: String,
    pub started_at: DateTimeUtc,
    pub ends_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ending: Option<ExperimentEnd>,
    pub report: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
