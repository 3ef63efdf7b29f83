//! Rows of the table `anomaly`.

use domain::anomaly::{AnomalyStatus, FeedbackVerdict, Severity, Trend};
use domain::ids::AnomalyId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "anomaly")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnomalyId,
    pub series_id: i64,
    pub service: String,
    pub metric: String,
    pub labels: Json,
    pub severity: Severity,
    pub score: f64,
    pub current_value: Option<f64>,
    pub predicted_value: Option<f64>,
    pub expected_low: Option<f64>,
    pub expected_high: Option<f64>,
    pub trend: Trend,
    pub detector: String,
    pub shares: Json,
    pub reason: String,
    pub recommendation: String,
    pub forecast_exhaustion: Option<DateTimeUtc>,
    pub started_at: DateTimeUtc,
    pub resolved_at: Option<DateTimeUtc>,
    pub status: AnomalyStatus,
    pub is_simulated: bool,
    pub feedback: Option<FeedbackVerdict>,
    pub threshold_factor: f64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
