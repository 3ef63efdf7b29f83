//! Queries of prices, budgets and rate limits.

use domain::Time;
use domain::gateway::{BudgetWindow, GatewayRateLimit, PriceName, PutBudget, PutPrice, PutRateLimit, SpendScope};
use domain::ids::{BudgetId, RateLimitId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::entity::{budget, price, rate_limit};
use crate::error::{Doing as _, Error, Result};
use crate::gateway::store::refuse;

fn json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|e| Error::internal("writing settings", e))
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::internal("reading settings", e))
}

/// What is stored of how a budget stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) spent_nano_usd: i64,
    pub(super) window_start_ms: i64,
    pub(super) told_percent: i32,
}

/// A budget as it is stored.
#[derive(Clone, Debug)]
pub(super) struct StoredBudget {
    pub(super) id: BudgetId,
    pub(super) settings: PutBudget,
    pub(super) standing: Standing,
    pub(super) created_at: Time,
    pub(super) updated_at: Time,
}

impl StoredBudget {
    /// One of which nothing has been spent.
    pub(super) fn new(id: BudgetId, now: Time) -> Self {
        let settings = PutBudget {
            name: String::new(),
            scope: SpendScope::default(),
            limit_usd: 0.0,
            window: BudgetWindow::Total,
        };
        Self { id, settings, standing: Standing::default(), created_at: now, updated_at: now }
    }
}

fn budget_view(row: budget::Model) -> Result<StoredBudget> {
    let standing = Standing {
        spent_nano_usd: row.spent_nano_usd,
        window_start_ms: row.window_start_ms,
        told_percent: row.told_percent,
    };
    let settings = read(row.settings)?;
    Ok(StoredBudget { id: row.id, settings, standing, created_at: row.created_at, updated_at: row.updated_at })
}

pub(super) async fn budgets(db: &impl ConnectionTrait) -> Result<Vec<StoredBudget>> {
    let rows = budget::Entity::find().order_by_asc(budget::Column::Name).all(db).await.doing("listing budgets")?;
    rows.into_iter().map(budget_view).collect()
}

pub(super) async fn budget(db: &impl ConnectionTrait, id: BudgetId) -> Result<Option<StoredBudget>> {
    budget::Entity::find_by_id(id).one(db).await.doing("looking up a budget")?.map(budget_view).transpose()
}

pub(super) async fn insert_budget(db: &impl ConnectionTrait, stored: &StoredBudget) -> Result<()> {
    let row = budget::Model {
        id: stored.id,
        name: stored.settings.name.clone(),
        settings: json(&stored.settings)?,
        spent_nano_usd: stored.standing.spent_nano_usd,
        window_start_ms: stored.standing.window_start_ms,
        told_percent: stored.standing.told_percent,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    };
    row.into_active_model().insert(db).await.map_err(refuse("budget", "writing a budget"))?;
    Ok(())
}

/// Writes its settings, and how it stands only when it begins anew: that is otherwise written with the calls.
pub(super) async fn update_budget(db: &impl ConnectionTrait, stored: &StoredBudget, begins_anew: bool) -> Result<()> {
    use budget::Column;
    let mut update = budget::Entity::update_many()
        .col_expr(Column::Name, Expr::value(stored.settings.name.clone()))
        .col_expr(Column::Settings, Expr::value(json(&stored.settings)?))
        .col_expr(Column::UpdatedAt, Expr::value(stored.updated_at))
        .filter(Column::Id.eq(stored.id));
    if begins_anew {
        update = update
            .col_expr(Column::SpentNanoUsd, Expr::value(0_i64))
            .col_expr(Column::WindowStartMs, Expr::value(0_i64))
            .col_expr(Column::ToldPercent, Expr::value(0_i32));
    }
    update.exec(db).await.map_err(refuse("budget", "writing a budget"))?;
    Ok(())
}

pub(super) async fn update_standing(db: &impl ConnectionTrait, id: &str, standing: Standing) -> Result<()> {
    use budget::Column;
    budget::Entity::update_many()
        .col_expr(Column::SpentNanoUsd, Expr::value(standing.spent_nano_usd))
        .col_expr(Column::WindowStartMs, Expr::value(standing.window_start_ms))
        .col_expr(Column::ToldPercent, Expr::value(standing.told_percent))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await
        .doing("keeping a budget")?;
    Ok(())
}

pub(super) async fn delete_budget(db: &impl ConnectionTrait, id: BudgetId) -> Result<()> {
    budget::Entity::delete_by_id(id).exec(db).await.doing("deleting a budget")?;
    Ok(())
}

fn rate_view(row: rate_limit::Model) -> Result<GatewayRateLimit> {
    let PutRateLimit { name, scope, requests_per_minute, tokens_per_minute } = read(row.settings)?;
    let (created_at, updated_at) = (row.created_at, row.updated_at);
    Ok(GatewayRateLimit { id: row.id, name, scope, requests_per_minute, tokens_per_minute, created_at, updated_at })
}

fn rate_row(rate: &GatewayRateLimit) -> Result<rate_limit::Model> {
    let settings = PutRateLimit {
        name: rate.name.clone(),
        scope: rate.scope.clone(),
        requests_per_minute: rate.requests_per_minute,
        tokens_per_minute: rate.tokens_per_minute,
    };
    Ok(rate_limit::Model {
        id: rate.id,
        name: rate.name.clone(),
        settings: json(&settings)?,
        created_at: rate.created_at,
        updated_at: rate.updated_at,
    })
}

pub(super) async fn rates(db: &impl ConnectionTrait) -> Result<Vec<GatewayRateLimit>> {
    let rows = rate_limit::Entity::find().order_by_asc(rate_limit::Column::Name).all(db).await;
    rows.doing("listing rate limits")?.into_iter().map(rate_view).collect()
}

pub(super) async fn rate(db: &impl ConnectionTrait, id: RateLimitId) -> Result<Option<GatewayRateLimit>> {
    rate_limit::Entity::find_by_id(id).one(db).await.doing("looking up a rate limit")?.map(rate_view).transpose()
}

pub(super) async fn insert_rate(db: &impl ConnectionTrait, rate: &GatewayRateLimit) -> Result<()> {
    rate_row(rate)?.into_active_model().insert(db).await.map_err(refuse("rate limit", "writing a rate limit"))?;
    Ok(())
}

pub(super) async fn update_rate(db: &impl ConnectionTrait, rate: &GatewayRateLimit) -> Result<()> {
    let row = rate_row(rate)?.into_active_model().reset_all();
    row.update(db).await.map_err(refuse("rate limit", "writing a rate limit"))?;
    Ok(())
}

pub(super) async fn delete_rate(db: &impl ConnectionTrait, id: RateLimitId) -> Result<()> {
    rate_limit::Entity::delete_by_id(id).exec(db).await.doing("deleting a rate limit")?;
    Ok(())
}

/// An entered price as it is stored.
#[derive(Clone, Debug)]
pub(super) struct StoredPrice {
    pub(super) settings: PutPrice,
    pub(super) updated_at: Time,
}

pub(super) async fn prices(db: &impl ConnectionTrait) -> Result<Vec<StoredPrice>> {
    let rows = price::Entity::find().all(db).await.doing("listing prices")?;
    let stored = |row: price::Model| Ok(StoredPrice { settings: read(row.settings)?, updated_at: row.updated_at });
    rows.into_iter().map(stored).collect()
}

pub(super) async fn put_price(db: &impl ConnectionTrait, stored: &StoredPrice) -> Result<()> {
    let row = price::Model {
        provider: stored.settings.provider.clone(),
        model: stored.settings.model.clone(),
        settings: json(&stored.settings)?,
        updated_at: stored.updated_at,
    };
    let conflict = OnConflict::columns([price::Column::Provider, price::Column::Model])
        .update_columns([price::Column::Settings, price::Column::UpdatedAt])
        .to_owned();
    let insert = price::Entity::insert(row.into_active_model()).on_conflict(conflict);
    insert.exec_without_returning(db).await.doing("writing a price")?;
    Ok(())
}

/// False: none was entered.
pub(super) async fn delete_price(db: &impl ConnectionTrait, name: &PriceName) -> Result<bool> {
    let key = (name.provider.clone(), name.model.clone());
    let done = price::Entity::delete_by_id(key).exec(db).await.doing("deleting a price")?;
    Ok(done.rows_affected > 0)
}
