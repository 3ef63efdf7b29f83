//! People: their rows and what an administrator does to them.
//!
//! Always true: e-mails are compared in lower case; there is always at least one administrator who can log in; a change
//! of role or a disabling takes effect at once.

mod store;

use std::sync::Arc;

use domain::access::{Permission, Role};
use domain::ids::UserId;
use domain::user::{CreateUser, ResetLink, UpdateUser, User};
use sea_orm::TransactionTrait as _;

pub(crate) use store::{count, find_login, insert, lock_out_others, set_password, view};

use crate::actor::Actor;
use crate::audit;
use crate::auth::{SessionCache, delete_sessions_of, make_link, password};
use crate::context::Context;
use crate::error::{Doing as _, Error, Result};

/// An e-mail as it is stored and compared.
pub(crate) fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Administers people.
#[derive(Clone, Debug)]
pub struct Users {
    context: Context,
    sessions: Arc<SessionCache>,
    hasher: password::Hasher,
}

impl Users {
    pub(crate) fn new(context: Context, sessions: Arc<SessionCache>, hasher: password::Hasher) -> Self {
        Self { context, sessions, hasher }
    }

    /// Everybody, by e-mail.
    ///
    /// # Errors
    /// Without the permission to govern, or when the database fails.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<User>> {
        actor.require(Permission::Govern)?;
        store::list(self.context.db.read()).await
    }

    /// One person.
    ///
    /// # Errors
    /// As above, or when there is no such person.
    pub async fn get(&self, actor: &Actor, id: UserId) -> Result<User> {
        actor.require(Permission::Govern)?;
        store::find(self.context.db.read(), id).await
    }

    /// Makes a person. Without a password there is a link with which they set one.
    ///
    /// # Errors
    /// As above, or when the e-mail is taken or something is not acceptable.
    pub async fn create(&self, actor: &Actor, input: CreateUser) -> Result<(User, Option<ResetLink>)> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let hash = match input.password {
            Some(password) => Some(self.hasher.hash(password).await?),
            None => None,
        };
        let has_password = hash.is_some();
        let txn = self.context.db.write().begin().await.doing("making a user")?;
        let user = insert(&self.context, &txn, &input.email, &input.name, input.role, hash, input.team_id).await?;
        audit::record(&self.context, &txn, actor, "user.created", &user.email, user.role.as_str()).await?;
        txn.commit().await.doing("making a user")?;
        let link = if has_password { None } else { Some(make_link(&self.context, user.id).await?) };
        Ok((user, link))
    }

    /// Changes a person; what is absent stays.
    ///
    /// # Errors
    /// As above, or when it would leave no administrator.
    pub async fn update(&self, actor: &Actor, id: UserId, input: UpdateUser) -> Result<User> {
        actor.require(Permission::Govern)?;
        input.validate()?;
        let txn = self.context.db.write().begin().await.doing("changing a user")?;
        let before = store::find(&txn, id).await?;
        let loses_admin = input.role.is_some_and(|role| role != Role::Admin) || input.is_disabled == Some(true);
        if loses_admin && before.role == Role::Admin {
            refuse_last_admin(&txn, id).await?;
        }
        let user = store::update(&txn, id, &input).await?;
        let detail = format!("role {}, {}", user.role, if user.is_disabled { "disabled" } else { "enabled" });
        audit::record(&self.context, &txn, actor, "user.changed", &user.email, detail).await?;
        if user.is_disabled {
            delete_sessions_of(&txn, id).await?;
        }
        txn.commit().await.doing("changing a user")?;
        self.sessions.forget_all();
        Ok(user)
    }

    /// Deletes a person and ends their log-ins.
    ///
    /// # Errors
    /// As above, or when it is the last administrator.
    pub async fn delete(&self, actor: &Actor, id: UserId) -> Result<()> {
        actor.require(Permission::Govern)?;
        let txn = self.context.db.write().begin().await.doing("deleting a user")?;
        let user = store::find(&txn, id).await?;
        if user.role == Role::Admin {
            refuse_last_admin(&txn, id).await?;
        }
        store::delete(&txn, id).await?;
        audit::record(&self.context, &txn, actor, "user.deleted", &user.email, "").await?;
        txn.commit().await.doing("deleting a user")?;
        self.sessions.forget_all();
        Ok(())
    }

    /// A one-time link with which the person sets a new password.
    ///
    /// # Errors
    /// As above.
    pub async fn reset_link(&self, actor: &Actor, id: UserId) -> Result<ResetLink> {
        actor.require(Permission::Govern)?;
        let user = store::find(self.context.db.read(), id).await?;
        let link = make_link(&self.context, id).await?;
        audit::record(&self.context, self.context.db.write(), actor, "user.reset_link_made", user.email, "").await?;
        Ok(link)
    }
}

async fn refuse_last_admin(txn: &sea_orm::DatabaseTransaction, id: UserId) -> Result<()> {
    if store::count_other_admins(txn, id).await? == 0 {
        return Err(Error::Conflict { message: "this is the last administrator; make another one first".to_owned() });
    }
    Ok(())
}
