//! Queries of people.

use domain::access::Role;
use domain::ids::{TeamId, UserId};
use domain::user::{UpdateUser, User};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

use super::normal_email;
use crate::context::Context;
use crate::database::is_taken;
use crate::entity::user;
use crate::error::{Doing as _, Error, Result};

/// The row as it is shown.
pub(crate) fn view(row: user::Model) -> User {
    User {
        id: row.id,
        email: row.email,
        name: row.name,
        role: row.role,
        team_id: row.team_id,
        is_disabled: row.is_disabled,
        created_at: row.created_at,
        last_login_at: row.last_login_at,
    }
}

pub(crate) async fn count(db: &impl ConnectionTrait) -> Result<u64> {
    user::Entity::find().count(db).await.doing("counting users")
}

pub(crate) async fn insert(
    context: &Context,
    db: &impl ConnectionTrait,
    email: &str,
    name: &str,
    role: Role,
    password_hash: Option<String>,
    team_id: Option<TeamId>,
) -> Result<User> {
    let row = user::Model {
        id: Context::id(),
        email: normal_email(email),
        name: name.trim().to_owned(),
        role,
        password_hash,
        team_id,
        is_disabled: false,
        created_at: context.now(),
        last_login_at: None,
    };
    match row.into_active_model().insert(db).await {
        Ok(row) => Ok(view(row)),
        Err(error) if is_taken(&error) => {
            Err(Error::Conflict { message: "there is a user with this e-mail already".to_owned() })
        }
        Err(error) if is_missing_reference(&error) => Err(Error::field("team_id", "there is no such team")),
        Err(source) => Err(Error::Database { doing: "making a user", source }),
    }
}

fn is_missing_reference(error: &sea_orm::DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)))
}

pub(super) async fn list(db: &impl ConnectionTrait) -> Result<Vec<User>> {
    let rows = user::Entity::find().order_by_asc(user::Column::Email).all(db).await.doing("listing users")?;
    Ok(rows.into_iter().map(view).collect())
}

pub(super) async fn find(db: &impl ConnectionTrait, id: UserId) -> Result<User> {
    let row = user::Entity::find_by_id(id).one(db).await.doing("looking up a user")?;
    row.map(view).ok_or(Error::NotFound { what: "user" })
}

/// The person with this e-mail and their password hash.
pub(crate) async fn find_login(db: &impl ConnectionTrait, email: &str) -> Result<Option<(User, Option<String>)>> {
    let row = user::Entity::find()
        .filter(user::Column::Email.eq(normal_email(email)))
        .one(db)
        .await
        .doing("looking up a log-in")?;
    Ok(row.map(|mut row| {
        let hash = row.password_hash.take();
        (view(row), hash)
    }))
}

/// Makes others who want to add a person wait until this transaction ends.
pub(crate) async fn lock_out_others(txn: &DatabaseTransaction) -> Result<()> {
    // On SQLite there is one connection that writes, so the others wait already.
    if txn.get_database_backend() == DbBackend::Postgres {
        let sql = r#"LOCK TABLE "user" IN SHARE ROW EXCLUSIVE MODE"#;
        txn.execute_unprepared(sql).await.doing("locking the users")?;
    }
    Ok(())
}

/// Administrators who can log in, but for one. They stay as they are until the transaction ends.
pub(super) async fn count_other_admins(txn: &DatabaseTransaction, id: UserId) -> Result<usize> {
    let admins = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin))
        .filter(user::Column::IsDisabled.eq(false))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await
        .doing("counting administrators")?;
    Ok(admins.iter().filter(|admin| admin.id != id).count())
}

pub(super) async fn update(db: &impl ConnectionTrait, id: UserId, input: &UpdateUser) -> Result<User> {
    let mut row = user::Entity::find_by_id(id)
        .one(db)
        .await
        .doing("looking up a user")?
        .ok_or(Error::NotFound { what: "user" })?
        .into_active_model();
    if let Some(name) = &input.name {
        row.name = Set(name.trim().to_owned());
    }
    if let Some(role) = input.role {
        row.role = Set(role);
    }
    if let Some(is_disabled) = input.is_disabled {
        row.is_disabled = Set(is_disabled);
    }
    if let Some(team_id) = input.team_id {
        row.team_id = Set(Some(team_id));
    }
    match row.update(db).await {
        Ok(row) => Ok(view(row)),
        Err(error) if is_missing_reference(&error) => Err(Error::field("team_id", "there is no such team")),
        Err(source) => Err(Error::Database { doing: "changing a user", source }),
    }
}

pub(crate) async fn set_password(db: &impl ConnectionTrait, id: UserId, hash: String) -> Result<()> {
    let row = user::ActiveModel { id: Set(id), password_hash: Set(Some(hash)), ..Default::default() };
    row.update(db).await.doing("setting a password")?;
    Ok(())
}

pub(super) async fn delete(db: &impl ConnectionTrait, id: UserId) -> Result<()> {
    user::Entity::delete_by_id(id).exec(db).await.doing("deleting a user")?;
    Ok(())
}
