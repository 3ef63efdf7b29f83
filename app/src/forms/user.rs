//! The forms of people.

use domain::access::Role;
#[cfg(any(feature = "ssr", test))]
use domain::{
    error::ApiError,
    user::{CreateUser, UpdateUser},
};
use serde::{Deserialize, Serialize};

/// A new person. Without a password a one-time link is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewUserForm {
    pub email: String,
    #[serde(default)]
    pub name: String,
    pub role: Role,
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub team_id: String,
}

/// What may be changed of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditUserForm {
    #[serde(default)]
    pub name: String,
    pub role: Role,
    #[serde(default)]
    pub team_id: String,
    /// The box, when it is ticked.
    #[serde(default)]
    pub is_disabled: bool,
}

#[cfg(any(feature = "ssr", test))]
impl NewUserForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<CreateUser, ApiError> {
        Ok(CreateUser {
            email: self.email.trim().to_owned(),
            name: self.name,
            role: self.role,
            password: Some(self.password).filter(|password| !password.is_empty()),
            team_id: super::text::optional("team_id", &self.team_id, "must be one of the teams")?,
        })
    }
}

#[cfg(any(feature = "ssr", test))]
impl EditUserForm {
    /// The input of the contract.
    pub(crate) fn into_input(self) -> Result<UpdateUser, ApiError> {
        Ok(UpdateUser {
            name: Some(self.name),
            role: Some(self.role),
            is_disabled: Some(self.is_disabled),
            team_id: super::text::optional("team_id", &self.team_id, "must be one of the teams")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_password_asks_for_a_link() {
        let form: NewUserForm = serde_qs::from_str("email=a%40b&role=viewer&password=&team_id=").unwrap();
        let input = form.into_input().unwrap();
        assert!(input.password.is_none() && input.team_id.is_none() && input.role == Role::Viewer);
    }
}
