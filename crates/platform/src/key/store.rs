//! Queries of keys.

use domain::Time;
use domain::access::Scope;
use domain::ids::KeyId;
use domain::key::ApiKey;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, Set,
};

use crate::entity::api_key;
use crate::error::{Doing as _, Error, Result};

fn view(row: api_key::Model) -> ApiKey {
    ApiKey {
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        // A word that a newer version wrote and this one does not know grants nothing.
        scopes: row.scopes.split_whitespace().filter_map(|word| word.parse().ok()).collect(),
        team_id: row.team_id,
        rate_limit: u32::try_from(row.rate_limit).unwrap_or(1),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        revoked_at: row.revoked_at,
    }
}

pub(super) async fn insert(db: &impl ConnectionTrait, key: &ApiKey, hash: String) -> Result<()> {
    let scopes: Vec<_> = key.scopes.iter().copied().map(Scope::as_str).collect();
    let row = api_key::Model {
        id: key.id,
        name: key.name.clone(),
        prefix: key.prefix.clone(),
        hash,
        scopes: scopes.join(" "),
        team_id: key.team_id,
        rate_limit: i32::try_from(key.rate_limit).unwrap_or(i32::MAX),
        created_at: key.created_at,
        expires_at: key.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    match row.into_active_model().insert(db).await {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_))) => {
            Err(Error::field("team_id", "there is no such team"))
        }
        Err(source) => Err(Error::Database { doing: "making a key", source }),
    }
}

pub(super) async fn list(db: &impl ConnectionTrait) -> Result<Vec<ApiKey>> {
    let rows = api_key::Entity::find().order_by_desc(api_key::Column::Id).all(db).await.doing("listing keys")?;
    Ok(rows.into_iter().map(view).collect())
}

pub(super) async fn find(db: &impl ConnectionTrait, id: KeyId) -> Result<ApiKey> {
    let row = api_key::Entity::find_by_id(id).one(db).await.doing("looking up a key")?;
    row.map(view).ok_or(Error::NotFound { what: "key" })
}

pub(super) async fn find_by_hash(db: &impl ConnectionTrait, hash: &str) -> Result<Option<ApiKey>> {
    let row = api_key::Entity::find().filter(api_key::Column::Hash.eq(hash)).one(db).await.doing("looking up a key")?;
    Ok(row.map(view))
}

pub(super) async fn set_value(db: &impl ConnectionTrait, id: KeyId, hash: String, prefix: String) -> Result<ApiKey> {
    let row = api_key::ActiveModel { id: Set(id), hash: Set(hash), prefix: Set(prefix), ..Default::default() };
    row.update(db).await.map(view).doing("rotating a key")
}

pub(super) async fn set_revoked(db: &impl ConnectionTrait, id: KeyId, at: Time) -> Result<ApiKey> {
    let row = api_key::ActiveModel { id: Set(id), revoked_at: Set(Some(at)), ..Default::default() };
    row.update(db).await.map(view).doing("revoking a key")
}

pub(super) async fn set_last_used(db: &impl ConnectionTrait, id: KeyId, at: Time) -> Result<()> {
    let row = api_key::ActiveModel { id: Set(id), last_used_at: Set(Some(at)), ..Default::default() };
    row.update(db).await.doing("noting a key's use")?;
    Ok(())
}

pub(super) async fn delete(db: &impl ConnectionTrait, id: KeyId) -> Result<()> {
    api_key::Entity::delete_by_id(id).exec(db).await.doing("deleting a key")?;
    Ok(())
}
