//! Queries of providers, routes and breakers.

use domain::Time;
use domain::gateway::{PutRoute, RequestFilter, RequestOutcome, Route};
use domain::ids::{ProviderId, RequestId, RouteId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, ExprTrait as _,
    FromQueryResult, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Select,
};

use super::requests::Status;

use crate::database::is_taken;
pub(super) use crate::entity::provider::Model as ProviderRow;
pub(super) use crate::entity::request::Model as RequestRow;
pub(super) use crate::entity::request_body::Model as BodyRow;
use crate::entity::{breaker, provider, request, request_body, route};
use crate::error::{Doing as _, Error, Result};

pub(super) fn refuse(what: &'static str, doing: &'static str) -> impl Fn(DbErr) -> Error {
    move |source| {
        if is_taken(&source) {
            Error::Conflict { message: format!("there is a {what} of this name already") }
        } else {
            Error::Database { doing, source }
        }
    }
}

pub(super) async fn providers(db: &impl ConnectionTrait) -> Result<Vec<ProviderRow>> {
    provider::Entity::find().order_by_asc(provider::Column::Name).all(db).await.doing("listing providers")
}

pub(super) async fn provider(db: &impl ConnectionTrait, id: ProviderId) -> Result<Option<ProviderRow>> {
    provider::Entity::find_by_id(id).one(db).await.doing("looking up a provider")
}

pub(super) async fn insert_provider(db: &impl ConnectionTrait, row: &ProviderRow) -> Result<()> {
    row.clone().into_active_model().insert(db).await.map_err(refuse("provider", "writing a provider"))?;
    Ok(())
}

pub(super) async fn update_provider(db: &impl ConnectionTrait, row: &ProviderRow) -> Result<()> {
    let row = row.clone().into_active_model().reset_all();
    row.update(db).await.map_err(refuse("provider", "writing a provider"))?;
    Ok(())
}

pub(super) async fn delete_provider(db: &impl ConnectionTrait, id: ProviderId) -> Result<()> {
    provider::Entity::delete_by_id(id).exec(db).await.doing("deleting a provider")?;
    Ok(())
}

fn view(row: route::Model) -> Result<Route> {
    let settings: PutRoute = serde_json::from_value(row.settings).map_err(|e| Error::internal("reading a route", e))?;
    let version = row.version.unsigned_abs();
    Ok(Route { id: row.id, version, created_at: row.created_at, updated_at: row.updated_at, settings })
}

fn route_row(route: &Route) -> Result<route::Model> {
    Ok(route::Model {
        id: route.id,
        name: route.settings.name.clone(),
        version: i32::try_from(route.version).unwrap_or(i32::MAX),
        settings: serde_json::to_value(&route.settings).map_err(|e| Error::internal("writing a route", e))?,
        created_at: route.created_at,
        updated_at: route.updated_at,
    })
}

pub(super) async fn routes(db: &impl ConnectionTrait) -> Result<Vec<Route>> {
    let rows = route::Entity::find().order_by_asc(route::Column::Name).all(db).await.doing("listing routes")?;
    rows.into_iter().map(view).collect()
}

pub(super) async fn route(db: &impl ConnectionTrait, id: RouteId) -> Result<Option<Route>> {
    route::Entity::find_by_id(id).one(db).await.doing("looking up a route")?.map(view).transpose()
}

pub(super) async fn insert_route(db: &impl ConnectionTrait, route: &Route) -> Result<()> {
    route_row(route)?.into_active_model().insert(db).await.map_err(refuse("route", "writing a route"))?;
    Ok(())
}

pub(super) async fn update_route(db: &impl ConnectionTrait, route: &Route) -> Result<()> {
    let row = route_row(route)?.into_active_model().reset_all();
    row.update(db).await.map_err(refuse("route", "writing a route"))?;
    Ok(())
}

pub(super) async fn delete_route(db: &impl ConnectionTrait, id: RouteId) -> Result<()> {
    route::Entity::delete_by_id(id).exec(db).await.doing("deleting a route")?;
    Ok(())
}

/// How breakers stood when they last changed. One that cannot be read any more is left out.
pub(super) async fn breakers(db: &impl ConnectionTrait) -> Result<Vec<::gateway::breaker::SavedBreaker>> {
    let rows = breaker::Entity::find().all(db).await.doing("reading breakers")?;
    Ok(rows.into_iter().filter_map(|row| serde_json::from_value(row.state).ok()).collect())
}

pub(super) async fn save_breakers(
    db: &impl ConnectionTrait,
    saved: Vec<::gateway::breaker::SavedBreaker>,
) -> Result<()> {
    for one in saved {
        let state = serde_json::to_value(&one).map_err(|e| Error::internal("writing a breaker", e))?;
        let row = breaker::Model { provider: one.provider.to_string(), model: one.model.to_string(), state };
        let conflict = OnConflict::columns([breaker::Column::Provider, breaker::Column::Model])
            .update_column(breaker::Column::State)
            .to_owned();
        breaker::Entity::insert(row.into_active_model())
            .on_conflict(conflict)
            .exec_without_returning(db)
            .await
            .doing("writing a breaker")?;
    }
    Ok(())
}

/// Rows of one statement: well under the number of values that either database takes.
const ROWS: usize = 200;

/// Writes calls and, where they are kept, their bodies. A call that is there already stays as it is.
pub(super) async fn insert_requests(
    db: &impl ConnectionTrait,
    rows: Vec<request::Model>,
    bodies: Vec<request_body::Model>,
) -> Result<()> {
    let mut rows = rows.into_iter().map(request::Model::into_active_model).peekable();
    while rows.peek().is_some() {
        let some: Vec<request::ActiveModel> = rows.by_ref().take(ROWS).collect();
        request::Entity::insert_many(some)
            .on_conflict(OnConflict::column(request::Column::Id).do_nothing().to_owned())
            .exec_without_returning(db)
            .await
            .doing("writing the history of calls")?;
    }
    for body in bodies {
        request_body::Entity::insert(body.into_active_model())
            .exec_without_returning(db)
            .await
            .doing("keeping a call's bodies")?;
    }
    Ok(())
}

pub(super) async fn request(
    db: &impl ConnectionTrait,
    id: RequestId,
) -> Result<Option<(request::Model, Option<request_body::Model>)>> {
    let Some(row) = request::Entity::find_by_id(id).one(db).await.doing("looking up a call")? else { return Ok(None) };
    let body = request_body::Entity::find_by_id(id).one(db).await.doing("looking up a call")?;
    Ok(Some((row, body)))
}

/// Newest first.
pub(super) async fn list_requests(
    db: &impl ConnectionTrait,
    filter: &RequestFilter,
    status: Option<Status>,
    before: Option<RequestId>,
    limit: u64,
) -> Result<Vec<request::Model>> {
    use request::Column;
    let mut query = request::Entity::find().order_by_desc(Column::Id).limit(limit);
    if let Some(service) = &filter.service {
        query = query.filter(Column::Service.eq(service));
    }
    if let Some(provider) = &filter.provider {
        query = query.filter(Column::Provider.eq(provider));
    }
    if let Some(model) = &filter.model {
        query = query.filter(Column::Model.eq(model).or(Column::RequestedModel.eq(model)));
    }
    query = match status {
        Some(Status::Http(status)) => query.filter(Column::Status.eq(status)),
        Some(Status::Outcome(outcome)) => query.filter(Column::Outcome.eq(outcome)),
        None => query,
    };
    if let Some(from) = filter.from {
        query = query.filter(Column::At.gte(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(Column::At.lt(to));
    }
    if let Some(words) = filter.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        let columns = [Column::Model, Column::RequestedModel, Column::ErrorMessage, Column::ErrorCode, Column::Service];
        let id = Condition::any().add_option(words.parse::<RequestId>().ok().map(|id| Column::Id.eq(id)));
        let any = columns.into_iter().fold(id, |any, column| any.add(column.contains(words)));
        query = query.filter(any);
    }
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    query.all(db).await.doing("listing calls")
}

/// Sums over calls; of no call at all they are absent.
#[derive(Debug, Default, FromQueryResult)]
pub(super) struct SumsRow {
    pub(super) requests: i64,
    pub(super) errors: Option<i64>,
    pub(super) simulated: Option<i64>,
    pub(super) input_tokens: Option<i64>,
    pub(super) output_tokens: Option<i64>,
    pub(super) cost_nano_usd: Option<i64>,
    pub(super) priced: i64,
}

/// [`SumsRow`] of one service and model.
#[derive(Debug, FromQueryResult)]
pub(super) struct GroupRow {
    pub(super) service: String,
    pub(super) provider: Option<String>,
    pub(super) model: Option<String>,
    #[sea_orm(nested)]
    pub(super) sums: SumsRow,
}

/// Sums of calls since a time. Databases sum integers to types of their own choice, hence the casts.
fn sums_since(since: Time) -> Select<request::Entity> {
    use request::Column;
    let count = |condition: Expr| Expr::Case(Box::new(Expr::case(condition, 1).finally(0))).sum().cast_as("bigint");
    let errors = Column::Outcome.is_in([RequestOutcome::Failed, RequestOutcome::Incomplete]);
    request::Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "requests")
        .column_as(count(errors), "errors")
        .column_as(count(Column::IsSimulated.eq(true)), "simulated")
        .column_as(Column::InputTokens.sum().cast_as("bigint"), "input_tokens")
        .column_as(Column::OutputTokens.sum().cast_as("bigint"), "output_tokens")
        .column_as(Column::CostNanoUsd.sum().cast_as("bigint"), "cost_nano_usd")
        .column_as(Column::CostNanoUsd.count(), "priced")
        .filter(Column::At.gte(since))
}

pub(super) async fn sum_requests(db: &impl ConnectionTrait, since: Time) -> Result<SumsRow> {
    let sums = sums_since(since).into_model().one(db).await.doing("summing calls")?;
    Ok(sums.unwrap_or_default())
}

/// By service, provider and model, most calls first.
pub(super) async fn sum_requests_by_model(db: &impl ConnectionTrait, since: Time, limit: u64) -> Result<Vec<GroupRow>> {
    let mut query = sums_since(since).order_by_desc(request::Column::Id.count()).limit(limit);
    for column in [request::Column::Service, request::Column::Provider, request::Column::Model] {
        query = query.column(column).group_by(column).order_by_asc(column);
    }
    query.into_model().all(db).await.doing("summing calls by model")
}

/// The latency, in microseconds, at this rank (from 0) of the calls that succeeded.
pub(super) async fn latency_at(db: &impl ConnectionTrait, since: Time, rank: u64) -> Result<Option<i64>> {
    request::Entity::find()
        .select_only()
        .column(request::Column::TotalUs)
        .filter(request::Column::At.gte(since))
        .filter(request::Column::Outcome.eq(RequestOutcome::Succeeded))
        .order_by_asc(request::Column::TotalUs)
        .offset(rank)
        .limit(1)
        .into_tuple()
        .one(db)
        .await
        .doing("ranking calls")
}

pub(super) async fn count_succeeded(db: &impl ConnectionTrait, since: Time) -> Result<u64> {
    request::Entity::find()
        .filter(request::Column::At.gte(since))
        .filter(request::Column::Outcome.eq(RequestOutcome::Succeeded))
        .count(db)
        .await
        .doing("counting calls")
}

/// What a call took and gave.
#[derive(Debug, FromQueryResult)]
pub(super) struct TimingRow {
    pub(super) at: Time,
    pub(super) provider: Option<String>,
    pub(super) model: Option<String>,
    pub(super) outcome: RequestOutcome,
    pub(super) total_us: i64,
    pub(super) first_token_us: Option<i64>,
    pub(super) input_tokens: i64,
    pub(super) output_tokens: i64,
    pub(super) cost_nano_usd: Option<i64>,
    pub(super) is_simulated: bool,
}

/// The newest calls since a time, newest first.
pub(super) async fn timings(db: &impl ConnectionTrait, since: Time, limit: u64) -> Result<Vec<TimingRow>> {
    use request::Column;
    let columns = [
        Column::At,
        Column::Provider,
        Column::Model,
        Column::Outcome,
        Column::TotalUs,
        Column::FirstTokenUs,
        Column::InputTokens,
        Column::OutputTokens,
        Column::CostNanoUsd,
        Column::IsSimulated,
    ];
    request::Entity::find()
        .select_only()
        .columns(columns)
        .filter(Column::At.gte(since))
        .order_by_desc(Column::At)
        .limit(limit)
        .into_model()
        .all(db)
        .await
        .doing("reading what calls took")
}

/// Deletes calls from before a time, and their bodies. Answers with the number of calls.
pub(super) async fn expire(db: &impl ConnectionTrait, before: Time) -> Result<u64> {
    let old = request::Entity::find().filter(request::Column::At.lt(before));
    let ids = old.select_only().column(request::Column::Id);
    request_body::Entity::delete_many()
        .filter(request_body::Column::RequestId.in_subquery(ids.into_query()))
        .exec(db)
        .await
        .doing("expiring calls")?;
    let done =
        request::Entity::delete_many().filter(request::Column::At.lt(before)).exec(db).await.doing("expiring calls")?;
    Ok(done.rows_affected)
}
