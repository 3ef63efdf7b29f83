//! The form of a new API key.

#[cfg(any(feature = "ssr", test))]
use chrono::Duration;
use domain::access::Scope;
#[cfg(any(feature = "ssr", test))]
use domain::{Time, error::ApiError, key::CreateKey};
use serde::{Deserialize, Serialize};

/// What the form sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyForm {
    pub name: String,
    /// The boxes that are ticked.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    #[serde(default)]
    pub team_id: String,
    /// Days until it expires; never, when empty.
    #[serde(default)]
    pub expires_in_days: String,
    /// Requests a minute; the default, when empty.
    #[serde(default)]
    pub rate_limit: String,
}

#[cfg(any(feature = "ssr", test))]
impl KeyForm {
    /// The input of the contract.
    pub(crate) fn into_input(self, now: Time) -> Result<CreateKey, ApiError> {
        use super::text::optional;
        let days: Option<u16> =
            optional("expires_in_days", &self.expires_in_days, "must be a number of days, or empty")?;
        Ok(CreateKey {
            name: self.name,
            scopes: self.scopes,
            team_id: optional("team_id", &self.team_id, "must be one of the teams")?,
            expires_at: days.map(|days| now + Duration::days(days.into())),
            rate_limit: optional("rate_limit", &self.rate_limit, "must be a number of requests a minute, or empty")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Post {
        input: KeyForm,
    }

    fn posted(body: &str) -> KeyForm {
        serde_qs::Config::new(5, false).deserialize_str::<Post>(body).unwrap().input
    }

    #[test]
    fn a_form_post_is_read_with_its_ticked_boxes() {
        let form = posted(
            "input%5Bname%5D=ci&input%5Bscopes%5D%5B%5D=read&input%5Bscopes%5D%5B%5D=ingest&input%5Bexpires_in_days%5D=30",
        );
        let input = form.into_input(Time::UNIX_EPOCH).unwrap();
        assert_eq!(input.scopes, [Scope::Read, Scope::Ingest]);
        assert_eq!(input.expires_at.unwrap().timestamp(), 30 * 86_400);
    }

    #[test]
    fn no_box_ticked_is_left_for_the_service_to_refuse() {
        let input = posted("input[name]=ci&input[expires_in_days]=").into_input(Time::UNIX_EPOCH).unwrap();
        assert_eq!(input.validate().unwrap_err().fields[0].field, "scopes");
    }
}
