//! People: who they are, how they log in, what they may change of themselves.
//!
//! Always true: a password goes in and never comes out; a view never holds a hash or a token but the one just made.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::error::ApiError;
use crate::ids::{TeamId, UserId};
use crate::validate::Checks;
use crate::{DateTime, Utc};

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub team_id: Option<TeamId>,
    pub is_disabled: bool,
    pub created_at: DateTime<Utc>,
    pub last_login_at: Option<DateTime<Utc>>,
}

/// The very first administrator; only taken while there is no user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Email))]
    pub email: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Password))]
    pub password: String,
}

/// Log in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub email: String,
    pub password: String,
}

/// A fresh log-in: the token is a JWT, usable as bearer until `expires_at`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedIn {
    pub token: String,
    pub expires_at: DateTime<Utc>,
    pub user: User,
}

/// Make a person; without a password the answer carries a one-time link to set one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Email))]
    pub email: String,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Text128))]
    pub name: String,
    pub role: Role,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Password>))]
    pub password: Option<String>,
    #[serde(default)]
    pub team_id: Option<TeamId>,
}

/// A person just made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeUser {
    #[serde(flatten)]
    pub user: User,
    /// With which they set their password, when none was given.
    pub reset_link: Option<ResetLink>,
}

/// Change a person; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateUser {
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::Text128>))]
    pub name: Option<String>,
    #[serde(default)]
    pub role: Option<Role>,
    #[serde(default)]
    pub is_disabled: Option<bool>,
    #[serde(default)]
    pub team_id: Option<TeamId>,
}

/// Change one's own password; every other log-in of that person ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    pub current_password: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Password))]
    pub new_password: String,
}

/// A one-time link with which a person sets a new password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetLink {
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// Set a new password with a one-time token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    pub token: String,
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Password))]
    pub new_password: String,
}

/// A team: the namespace that services, people and keys belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    pub created_at: DateTime<Utc>,
}

/// Make or rename a team.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NameTeam {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::Name))]
    pub name: String,
}

impl SetUp {
    /// # Errors
    /// When the e-mail or the password is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.email("email", &self.email);
        checks.password("password", &self.password);
        checks.finish()
    }
}

impl CreateUser {
    /// # Errors
    /// When the e-mail, the name or the password is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.email("email", &self.email);
        checks.optional_text("name", &self.name, 128);
        if let Some(password) = &self.password {
            checks.password("password", password);
        }
        checks.finish()
    }
}

impl UpdateUser {
    /// # Errors
    /// When the name is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.optional_text("name", self.name.as_deref().unwrap_or_default(), 128);
        checks.finish()
    }
}

impl ChangePassword {
    /// # Errors
    /// When the new password is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.password("new_password", &self.new_password);
        checks.finish()
    }
}

impl ResetPassword {
    /// # Errors
    /// When the new password is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.password("new_password", &self.new_password);
        checks.finish()
    }
}

impl NameTeam {
    /// # Errors
    /// When the name is not one.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.name("name", &self.name);
        checks.finish()
    }
}
