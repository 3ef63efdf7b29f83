//! Queries of the sums of hours.

use std::collections::BTreeMap;

use domain::Time;
use domain::gateway::CostBy;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};

use crate::entity::usage_hour;
use crate::error::{Doing as _, Result};

/// Who called what. Names that a call does not have are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gateway::money) struct UsageKey {
    pub(in crate::gateway::money) service: String,
    pub(in crate::gateway::money) team: String,
    pub(in crate::gateway::money) key: String,
    pub(in crate::gateway::money) route: String,
    pub(in crate::gateway::money) provider: String,
    pub(in crate::gateway::money) model: String,
}

/// Sums of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::gateway::money) struct Sums {
    pub(in crate::gateway::money) calls: i64,
    pub(in crate::gateway::money) failed_calls: i64,
    pub(in crate::gateway::money) unpriced_calls: i64,
    pub(in crate::gateway::money) input_tokens: i64,
    pub(in crate::gateway::money) output_tokens: i64,
    pub(in crate::gateway::money) cost_nano_usd: i64,
}

impl Sums {
    pub(in crate::gateway::money) const fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            failed_calls: self.failed_calls.saturating_add(other.failed_calls),
            unpriced_calls: self.unpriced_calls.saturating_add(other.unpriced_calls),
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            cost_nano_usd: self.cost_nano_usd.saturating_add(other.cost_nano_usd),
        }
    }
}

type Row6 = (i64, i64, i64, i64, i64, i64);

const fn of_row(row: Row6) -> Sums {
    let (calls, failed_calls, unpriced_calls, input_tokens, output_tokens, cost_nano_usd) = row;
    Sums { calls, failed_calls, unpriced_calls, input_tokens, output_tokens, cost_nano_usd }
}

const SUMMED: [usage_hour::Column; 6] = {
    use usage_hour::Column::{Calls, CostNanoUsd, FailedCalls, InputTokens, OutputTokens, UnpricedCalls};
    [Calls, FailedCalls, UnpricedCalls, InputTokens, OutputTokens, CostNanoUsd]
};

/// Rows of one statement: well under the number of values that either database takes.
const ROWS: usize = 200;

fn row(hour: Time, key: UsageKey, sums: Sums) -> usage_hour::ActiveModel {
    let UsageKey { service, team, key, route, provider, model } = key;
    let Sums { calls, failed_calls, unpriced_calls, input_tokens, output_tokens, cost_nano_usd } = sums;
    let row = usage_hour::Model {
        hour,
        service,
        team,
        key,
        route,
        provider,
        model,
        calls,
        failed_calls,
        unpriced_calls,
        input_tokens,
        output_tokens,
        cost_nano_usd,
    };
    row.into_active_model()
}

/// Adds calls to the sums of their hours.
pub(in crate::gateway::money) async fn add_usage(
    db: &impl ConnectionTrait,
    sums: BTreeMap<(Time, UsageKey), Sums>,
) -> Result<()> {
    use usage_hour::{Column, Entity};
    let key =
        [Column::Hour, Column::Service, Column::Team, Column::Key, Column::Route, Column::Provider, Column::Model];
    let mut conflict = OnConflict::columns(key);
    for column in SUMMED {
        let added = Expr::col((Entity, column)).add(Expr::col(("excluded", column)));
        conflict.value(column, added);
    }
    let mut rows = sums.into_iter().map(|((hour, key), sums)| row(hour, key, sums)).peekable();
    while rows.peek().is_some() {
        let some: Vec<usage_hour::ActiveModel> = rows.by_ref().take(ROWS).collect();
        let insert = Entity::insert_many(some).on_conflict(conflict.clone());
        insert.exec_without_returning(db).await.doing("adding up calls")?;
    }
    Ok(())
}

fn in_range(from: Time, to: Time) -> Select<usage_hour::Entity> {
    use usage_hour::{Column, Entity};
    let query = Entity::find().select_only().filter(Column::Hour.gte(from)).filter(Column::Hour.lte(to));
    SUMMED.into_iter().fold(query, |query, column| {
        // PostgreSQL adds up to a type that is not ours.
        query.expr(Expr::col(column).sum().cast_as("BIGINT"))
    })
}

fn column(by: CostBy) -> usage_hour::Column {
    use usage_hour::Column;
    match by {
        CostBy::Service => Column::Service,
        CostBy::Team => Column::Team,
        CostBy::Key => Column::Key,
        CostBy::Route => Column::Route,
        CostBy::Provider => Column::Provider,
        CostBy::Model => Column::Model,
    }
}

/// Sums by name, of the hours that begin in a time.
pub(in crate::gateway::money) async fn usage_by(
    db: &impl ConnectionTrait,
    by: CostBy,
    from: Time,
    to: Time,
) -> Result<Vec<(String, Sums)>> {
    let query = in_range(from, to).column(column(by)).group_by(column(by));
    let rows: Vec<(i64, i64, i64, i64, i64, i64, String)> =
        query.into_tuple().all(db).await.doing("adding up costs")?;
    Ok(rows.into_iter().map(|(a, b, c, d, e, f, name)| (name, of_row((a, b, c, d, e, f)))).collect())
}

/// Sums by hour, in order.
pub(in crate::gateway::money) async fn usage_by_hour(
    db: &impl ConnectionTrait,
    from: Time,
    to: Time,
) -> Result<Vec<(Time, Sums)>> {
    use usage_hour::Column;
    let query = in_range(from, to).column(Column::Hour).group_by(Column::Hour).order_by_asc(Column::Hour);
    let rows: Vec<(i64, i64, i64, i64, i64, i64, Time)> = query.into_tuple().all(db).await.doing("adding up costs")?;
    Ok(rows.into_iter().map(|(a, b, c, d, e, f, hour)| (hour, of_row((a, b, c, d, e, f)))).collect())
}

/// Deletes sums of hours from before a time.
pub(in crate::gateway) async fn expire(db: &impl ConnectionTrait, before: Time) -> Result<()> {
    let old = usage_hour::Entity::delete_many().filter(usage_hour::Column::Hour.lt(before));
    old.exec(db).await.doing("expiring costs")?;
    Ok(())
}
