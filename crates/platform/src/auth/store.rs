//! Queries of sessions, reset links and the throttle.

use domain::Time;
use domain::ids::{SessionId, UserId};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    Set,
};

use super::session::{LogIn, Session};
use crate::entity::{login_throttle, password_reset, session, user};
use crate::error::{Doing as _, Error, Result};

pub(super) async fn insert_session(db: &impl ConnectionTrait, session: &Session) -> Result<()> {
    let Session { id, user_id, ip, user_agent, created_at, expires_at, replaced_by } = session.clone();
    let row = session::Model { id, user_id, ip, user_agent, created_at, expires_at, replaced_by };
    row.into_active_model().insert(db).await.doing("starting a session")?;
    Ok(())
}

pub(super) async fn set_last_login(db: &impl ConnectionTrait, user_id: UserId, at: Time) -> Result<()> {
    let seen = user::ActiveModel { id: Set(user_id), last_login_at: Set(Some(at)), ..Default::default() };
    seen.update(db).await.doing("noting a log-in")?;
    Ok(())
}

pub(super) async fn find_session(
    db: &impl ConnectionTrait,
    id: SessionId,
    user_id: UserId,
    now: Time,
) -> Result<Option<LogIn>> {
    let found = session::Entity::find_by_id(id)
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::ExpiresAt.gt(now))
        .one(db)
        .await
        .doing("looking up a session")?;
    let Some(session::Model { id, user_id, ip, user_agent, created_at, expires_at, replaced_by }) = found else {
        return Ok(None);
    };
    let session = Session { id, user_id, ip, user_agent, created_at, expires_at, replaced_by };
    let row = user::Entity::find_by_id(user_id)
        .filter(user::Column::IsDisabled.eq(false))
        .one(db)
        .await
        .doing("looking up a user")?;
    Ok(row.map(|row| LogIn { user: crate::user::view(row), session }))
}

/// Notes that `fresh` goes on in place of `old`, unless another one does already. Answers with the one that does.
pub(super) async fn replace_session(
    db: &impl ConnectionTrait,
    old: SessionId,
    fresh: SessionId,
    old_ends_at: Time,
) -> Result<SessionId> {
    let doing = "renewing a session";
    let done = session::Entity::update_many()
        .col_expr(session::Column::ReplacedBy, Expr::value(fresh))
        .col_expr(session::Column::ExpiresAt, Expr::value(old_ends_at))
        .filter(session::Column::Id.eq(old))
        .filter(session::Column::ReplacedBy.is_null())
        .exec(db)
        .await
        .doing(doing)?;
    if done.rows_affected == 1 {
        return Ok(fresh);
    }
    let row = session::Entity::find_by_id(old).one(db).await.doing(doing)?;
    // Without a row the log-in has just ended, and there is nothing to go on with.
    row.and_then(|row| row.replaced_by).ok_or(Error::NotAuthenticated)
}

/// Ends a session, with the one that it replaced and the one that replaced it.
pub(super) async fn delete_session(db: &impl ConnectionTrait, id: SessionId) -> Result<()> {
    let doing = "ending a session";
    let row = session::Entity::find_by_id(id).one(db).await.doing(doing)?;
    let fresh = row.and_then(|row| row.replaced_by);
    let both = [Some(id), fresh].into_iter().flatten();
    session::Entity::delete_many()
        .filter(session::Column::Id.is_in(both).or(session::Column::ReplacedBy.eq(id)))
        .exec(db)
        .await
        .doing(doing)?;
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
