//! Queries of the event log.

use domain::Time;
use domain::event::Event;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, NotSet, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};

use super::NewEvent;
use crate::entity::event;
use crate::error::{Doing as _, Result};

fn view(row: event::Model) -> Event {
    let payload = match row.payload {
        serde_json::Value::Object(map) => map,
        _ => serde_json::Map::new(),
    };
    Event { id: row.id, event: row.event, timestamp: row.at, service: row.service, payload }
}

pub(super) async fn insert(db: &impl ConnectionTrait, new: NewEvent) -> Result<Event> {
    let row = event::ActiveModel {
        id: NotSet,
        at: Set(new.at),
        event: Set(new.event.to_owned()),
        service: Set(new.service),
        payload: Set(serde_json::Value::Object(new.payload)),
    };
    row.insert(db).await.map(view).doing("recording an event")
}

pub(super) async fn last_id(db: &impl ConnectionTrait) -> Result<i64> {
    let row = event::Entity::find().order_by_desc(event::Column::Id).one(db).await.doing("reading the event log")?;
    Ok(row.map_or(0, |row| row.id))
}

pub(super) async fn list_after(db: &impl ConnectionTrait, id: i64, limit: u64) -> Result<Vec<Event>> {
    let rows = event::Entity::find()
        .filter(event::Column::Id.gt(id))
        .order_by_asc(event::Column::Id)
        .limit(limit)
        .all(db)
        .await
        .doing("reading the event log")?;
    Ok(rows.into_iter().map(view).collect())
}

/// Whether events that came after the given one are gone.
pub(super) async fn has_expired(db: &impl ConnectionTrait, id: i64) -> Result<bool> {
    let oldest = event::Entity::find().order_by_asc(event::Column::Id).one(db).await.doing("reading the event log")?;
    Ok(oldest.is_some_and(|oldest| oldest.id > id.saturating_add(1)))
}

/// Deletes events from before a time. Answers with the number of rows.
pub(crate) async fn expire(db: &impl ConnectionTrait, before: Time) -> Result<u64> {
    let done =
        event::Entity::delete_many().filter(event::Column::At.lt(before)).exec(db).await.doing("expiring events")?;
    Ok(done.rows_affected)
}
