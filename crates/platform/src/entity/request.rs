//! Rows of the table `request`.

use domain::gateway::RequestOutcome;
use domain::ids::RequestId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequestId,
    pub at: DateTimeUtc,
    pub service: String,
    pub team: Option<String>,
    pub key: Option<String>,
    pub door: String,
    pub requested_model: String,
    pub route: Option<String>,
    pub provider: Option<String>,
    pub model: Option<String>,
    pub is_stream: bool,
    pub status: i32,
    pub outcome: RequestOutcome,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub finish: Option<String>,
    pub input_tokens: i64,
    pub output_tokens: i64,
    pub cached_input_tokens: i64,
    pub reasoning_tokens: i64,
    pub is_estimated: bool,
    /// Billionths of a dollar.
    pub cost_nano_usd: Option<i64>,
    pub total_us: i64,
    pub first_token_us: Option<i64>,
    pub overhead_us: i64,
    pub request_bytes: i64,
    pub answer_bytes: i64,
    pub n_attempts: i32,
    pub attempts: Json,
    pub is_simulated: bool,
    /// What safety found, as the data path writes it; absent when that is nothing.
    pub safety: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
