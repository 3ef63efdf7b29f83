//! Log in, log out, change one's password.
//!
//! Always true: a change of password ends every other log-in of that person.

use domain::user::{ChangePassword, LoggedIn, Login};

use super::{Auth, ClientInfo, store, throttle};
use crate::actor::Actor;
use crate::audit;
use crate::error::{Error, Result};
use crate::user;

/// Longer input is refused unhashed; no password of ours is longer.
const MAX_PASSWORD_BYTES: usize = 512;

impl Auth {
    /// Checks e-mail and password and starts a session.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`]-like refusal that does not tell which part was wrong; [`Error::RateLimited`] after
    /// several failures.
    pub async fn log_in(&self, input: Login, client: &ClientInfo) -> Result<LoggedIn> {
        let email = user::normal_email(&input.email);
        // What cannot be an e-mail is nobody's, and no database has to read it.
        if input.password.len() > MAX_PASSWORD_BYTES || email.len() > 254 || email.contains(char::is_control) {
            return Err(Error::WrongCredentials);
        }
        throttle::check(&self.context, &email, client.ip).await?;
        let found = user::find_login(self.context.db.read(), &email).await?;
        let expected = found.as_ref().filter(|(user, _)| !user.is_disabled).and_then(|(_, hash)| hash.clone());
        let is_right = self.hasher.verify(input.password, expected).await?;
        match found {
            Some((user, _)) if is_right => {
                throttle::forget(&self.context, &email).await?;
                self.start_session(user, client).await
            }
            _ => {
                throttle::note_failure(&self.context, &email, client.ip).await?;
                let from = client.ip.map_or_else(|| "unknown address".to_owned(), |ip| ip.to_string());
                audit::record(
                    &self.context,
                    self.context.db.write(),
                    &Actor::Anonymous,
                    "auth.login_failed",
                    email,
                    from,
                )
                .await?;
                Err(Error::WrongCredentials)
            }
        }
    }

    /// Ends the actor's own session, with the one it replaced or was replaced by.
    ///
    /// # Errors
    /// When the actor is not a person, or the database fails.
    pub async fn log_out(&self, actor: &Actor) -> Result<()> {
        let (_, session) = actor.person()?;
        store::delete_session(self.context.db.write(), session).await?;
        self.sessions.forget_all();
        Ok(())
    }

    /// Ends every session of the actor, this one included.
    ///
    /// # Errors
    /// When the actor is not a person, or the database fails.
    pub async fn log_out_everywhere(&self, actor: &Actor) -> Result<()> {
        let (user, _) = actor.person()?;
        store::delete_sessions_of(self.context.db.write(), user.id).await?;
        self.sessions.forget_all();
        audit::record(&self.context, self.context.db.write(), actor, "auth.logged_out_everywhere", &user.email, "")
            .await
    }

    /// Sets a new password and answers with a fresh session; all others end.
    ///
    /// # Errors
    /// When the current password is wrong or the new one is not acceptable.
    pub async fn change_password(&self, actor: &Actor, input: ChangePassword, client: &ClientInfo) -> Result<LoggedIn> {
        let (user, _) = actor.person()?;
        input.validate()?;
        throttle::check(&self.context, &user.email, client.ip).await?;
        let (_, expected) =
            user::find_login(self.context.db.read(), &user.email).await?.ok_or(Error::NotAuthenticated)?;
        if !self.hasher.verify(input.current_password, expected).await? {
            throttle::note_failure(&self.context, &user.email, client.ip).await?;
            return Err(Error::field("current_password", "is not your current password"));
        }
        let hash = self.hasher.hash(input.new_password).await?;
        user::set_password(self.context.db.write(), user.id, hash).await?;
        self.log_out_everywhere(actor).await?;
        audit::record(&self.context, self.context.db.write(), actor, "auth.password_changed", &user.email, "").await?;
        self.start_session(user.clone(), client).await
    }
}
