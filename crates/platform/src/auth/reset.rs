//! One-time links with which a person sets a password.
//!
//! Always true: the token is stored hashed, works once, ends after a day, and making a new one ends the old one.

use domain::ids::UserId;
use domain::user::{ResetLink, ResetPassword};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};

use super::{Auth, ClientInfo, store, throttle};
use crate::actor::Actor;
use crate::audit;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::user;

const HOURS_VALID: i64 = 24;

/// Makes the link of a person.
pub(crate) async fn make_link(context: &Context, user: UserId) -> Result<ResetLink> {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = hex::encode(bytes);
    let expires_at = context.now() + std::time::Duration::from_secs(HOURS_VALID.unsigned_abs() * 3_600);
    store::replace_reset(context.db.write(), user, hash(&token), expires_at).await?;
    Ok(ResetLink { url: format!("{}/reset-password?token={token}", context.config.public_url), expires_at })
}

impl Auth {
    /// Sets a password with a one-time token and ends all log-ins of that person.
    ///
    /// # Errors
    /// When the token is unknown, used or over, or the password is not acceptable.
    pub async fn reset_password(&self, input: ResetPassword, client: &ClientInfo) -> Result<()> {
        input.validate()?;
        throttle::check(&self.context, "password-reset", client.ip).await?;
        let token_hash = hash(&input.token);
        let Some(user_id) = store::find_reset(self.context.db.read(), &token_hash, self.context.now()).await? else {
            throttle::note_failure(&self.context, "", client.ip).await?;
            return Err(Error::field("token", "is not valid any more; ask an administrator for a new link"));
        };
        let hash = self.hasher.hash(input.new_password).await?;
        if !store::take_reset(self.context.db.write(), &token_hash).await? {
            return Err(Error::field("token", "has just been used; ask an administrator for a new link"));
        }
        user::set_password(self.context.db.write(), user_id, hash).await?;
        store::delete_sessions_of(self.context.db.write(), user_id).await?;
        self.sessions.forget_all();
        audit::record(
            &self.context,
            self.context.db.write(),
            &Actor::Anonymous,
            "auth.password_reset",
            user_id.to_string(),
            "",
        )
        .await
    }
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
