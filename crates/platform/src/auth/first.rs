//! The first administrator.
//!
//! Always true: it can be made without credentials only while there is no user at all; two who try at once get one.

use domain::access::Role;
use domain::user::{LoggedIn, SetUp};
use sea_orm::TransactionTrait as _;

use super::{Auth, ClientInfo};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Doing as _, Error, Result};
use crate::user;

impl Auth {
    /// Whether there is no user yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_up_needed(&self) -> Result<bool> {
        Ok(user::count(self.context.db.read()).await? == 0)
    }

    /// Makes the first administrator and logs them in.
    ///
    /// # Errors
    /// When there is a user already, or the e-mail or password is not acceptable.
    pub async fn set_up(&self, input: SetUp, client: &ClientInfo) -> Result<LoggedIn> {
        input.validate()?;
        let hash = self.hasher.hash(input.password).await?;
        let txn = self.context.db.write().begin().await.doing("starting the set-up")?;
        user::lock_out_others(&txn).await?;
        if user::count(&txn).await? > 0 {
            return Err(Error::Conflict { message: "set-up is done already; log in instead".to_owned() });
        }
        let user = user::insert(&self.context, &txn, &input.email, "", Role::Admin, Some(hash), None).await?;
        audit::record(&self.context, &txn, &Actor::System, "user.created", &user.email, "first administrator").await?;
        txn.commit().await.doing("finishing the set-up")?;
        self.start_session(user, client).await
    }
}
