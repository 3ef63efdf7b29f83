//! Who asks: a person, a program with an API key, the system itself, or nobody known.
//!
//! Always true: every service method that takes an actor asks it for a permission in its first line.

use std::collections::BTreeSet;

use domain::access::{Permission, Scope};
use domain::ids::{KeyId, SessionId, TeamId};
use domain::user::User;

use crate::error::{Error, Result};

/// The one who asks.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody has said who they are.
    Anonymous,
    /// A person with a log-in.
    User { user: Box<User>, session: SessionId },
    /// A program.
    Key { id: KeyId, name: String, scopes: BTreeSet<Scope>, team_id: Option<TeamId> },
    /// Bellwether's own background work and command line.
    System,
}

impl Actor {
    /// Whether the actor holds the permission.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Anonymous => false,
            Self::User { user, .. } => user.role.allows(permission),
            Self::Key { scopes, .. } => scopes.iter().any(|scope| scope.allows(permission)),
            Self::System => true,
        }
    }

    /// Refuses unless the actor holds the permission.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] for an unknown caller, [`Error::Forbidden`] for a known one.
    pub fn require(&self, permission: Permission) -> Result<()> {
        match self {
            _ if self.may(permission) => Ok(()),
            Self::Anonymous => Err(Error::NotAuthenticated),
            _ => Err(Error::Forbidden { permission }),
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::User { user, .. } => Some(user),
            _ => None,
        }
    }

    /// The person and their log-in, for what is about these.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] for an unknown caller, [`Error::PeopleOnly`] for one who is no person.
    pub fn person(&self) -> Result<(&User, SessionId)> {
        match self {
            Self::User { user, session } => Ok((user, *session)),
            Self::Anonymous => Err(Error::NotAuthenticated),
            Self::Key { .. } | Self::System => Err(Error::PeopleOnly),
        }
    }

    /// How the actor is named in the audit trail.
    #[must_use]
    pub fn audit_name(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User { user, .. } => format!("user:{}", user.email),
            Self::Key { name, .. } => format!("key:{name}"),
            Self::System => "system".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_to_log_in_and_a_known_key_is_forbidden() {
        let anonymous = Actor::Anonymous.require(Permission::Observe);
        assert!(matches!(anonymous, Err(Error::NotAuthenticated)));
        let key = Actor::Key {
            id: KeyId(uuid::Uuid::from_u128(1)),
            name: "ci".into(),
            scopes: BTreeSet::from([Scope::Ingest]),
            team_id: None,
        };
        assert!(matches!(key.require(Permission::Observe), Err(Error::Forbidden { .. })));
        assert!(key.require(Permission::Ingest).is_ok());
    }
}
