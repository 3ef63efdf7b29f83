//! Queries of sessions, reset links and the throttle.

use domain::Time;
use domain::ids::{SessionId, UserId};
use domain::user::User;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};

use super::ClientInfo;
use crate::entity::{login_throttle, password_reset, session, user};
use crate::error::{Doing as _, Result};

pub(super) async fn insert_session(
    db: &impl ConnectionTrait,
    id: SessionId,
    user_id: UserId,
    client: &ClientInfo,
    now: Time,
    expires_at: Time,
) -> Result<()> {
    let row = session::Model {
        id,
        user_id,
        ip: client.ip.map_or_else(String::new, |ip| ip.to_string()),
        user_agent: client.user_agent.chars().take(200).collect(),
        created_at: now,
        expires_at,
    };
    row.into_active_model().insert(db).await.doing("starting a session")?;
    let seen =
        user::ActiveModel { id: sea_orm::Set(user_id), last_login_at: sea_orm::Set(Some(now)), ..Default::default() };
    seen.update(db).await.doing("noting a log-in")?;
    Ok(())
}

pub(super) async fn find_session(
    db: &impl ConnectionTrait,
    id: SessionId,
    user_id: UserId,
    now: Time,
) -> Result<Option<User>> {
    let session = session::Entity::find_by_id(id)
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::ExpiresAt.gt(now))
        .one(db)
        .await
        .doing("looking up a session")?;
    if session.is_none() {
        return Ok(None);
    }
    let row = user::Entity::find_by_id(user_id)
        .filter(user::Column::IsDisabled.eq(false))
        .one(db)
        .await
        .doing("looking up a user")?;
    Ok(row.map(crate::user::view))
}

pub(super) async fn delete_session(db: &impl ConnectionTrait, id: SessionId) -> Result<()> {
    session::Entity::delete_by_id(id).exec(db).await.doing("ending a session")?;
    Ok(())
}

pub(crate) async fn delete_sessions_of(db: &impl ConnectionTrait, user_id: UserId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user_id))
        .exec(db)
        .await
        .doing("ending sessions")?;
    Ok(())
}

pub(super) async fn replace_reset(
    db: &impl ConnectionTrait,
    user_id: UserId,
    token_hash: String,
    expires_at: Time,
) -> Result<()> {
    let doing = "making a reset link";
    password_reset::Entity::delete_many()
        .filter(password_reset::Column::UserId.eq(user_id))
        .exec(db)
        .await
        .doing(doing)?;
    password_reset::Model { token_hash, user_id, expires_at }.into_active_model().insert(db).await.doing(doing)?;
    Ok(())
}

pub(super) async fn find_reset(db: &impl ConnectionTrait, token_hash: &str, now: Time) -> Result<Option<UserId>> {
    let row = password_reset::Entity::find_by_id(token_hash.to_owned())
        .filter(password_reset::Column::ExpiresAt.gt(now))
        .one(db)
        .await
        .doing("looking up a reset link")?;
    Ok(row.map(|row| row.user_id))
}

/// Whether this call is the one that used it up.
pub(super) async fn take_reset(db: &impl ConnectionTrait, token_hash: &str) -> Result<bool> {
    let done =
        password_reset::Entity::delete_by_id(token_hash.to_owned()).exec(db).await.doing("using a reset link")?;
    Ok(done.rows_affected == 1)
}

pub(super) async fn find_throttle(db: &impl ConnectionTrait, subject: &str) -> Result<Option<(i32, Time)>> {
    let row = login_throttle::Entity::find_by_id(subject.to_owned()).one(db).await.doing("reading failed log-ins")?;
    Ok(row.map(|row| (row.failures, row.blocked_until)))
}

pub(super) async fn set_throttle(
    db: &impl ConnectionTrait,
    subject: &str,
    failures: i32,
    blocked_until: Time,
) -> Result<()> {
    let row = login_throttle::Model { subject: subject.to_owned(), failures, blocked_until };
    let replace = OnConflict::column(login_throttle::Column::Subject)
        .update_columns([login_throttle::Column::Failures, login_throttle::Column::BlockedUntil])
        .to_owned();
    login_throttle::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await
        .doing("noting a failed log-in")?;
    Ok(())
}

pub(super) async fn delete_throttle(db: &impl ConnectionTrait, subject: &str) -> Result<()> {
    login_throttle::Entity::delete_by_id(subject.to_owned()).exec(db).await.doing("forgetting failed log-ins")?;
    Ok(())
}

/// Deletes what is over. Answers with the number of rows.
pub(crate) async fn expire(db: &impl ConnectionTrait, now: Time) -> Result<u64> {
    let doing = "deleting what is over";
    let sessions =
        session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(now)).exec(db).await.doing(doing)?;
    let resets = password_reset::Entity::delete_many()
        .filter(password_reset::Column::ExpiresAt.lt(now))
        .exec(db)
        .await
        .doing(doing)?;
    // A day after the wait is over nobody remembers the guesses.
    let day_ago = now - std::time::Duration::from_secs(86_400);
    let waits = login_throttle::Entity::delete_many()
        .filter(login_throttle::Column::BlockedUntil.lt(day_ago))
        .exec(db)
        .await
        .doing(doing)?;
    Ok(sessions.rows_affected + resets.rows_affected + waits.rows_affected)
}
