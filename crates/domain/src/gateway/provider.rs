//! Providers: an address, a protocol and a key.
//!
//! Always true: the key is written and replaced, never read back.

use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::ids::ProviderId;
use crate::validate::Checks;
use crate::words::text_enum;
use crate::{DateTime, Utc};

text_enum! {
    /// Which protocol a provider speaks.
    ProviderKind {
        /// `OpenAI` and whatever is compatible with it.
        OpenAi = "openai",
        Anthropic = "anthropic",
        Gemini = "gemini",
        Cohere = "cohere",
        HuggingFace = "huggingface",
        /// Answers by itself, without a network or a key; everything it says is labelled simulated.
        Simulation = "simulation",
    }
}

/// Whom calls can be sent to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provider {
    pub id: ProviderId,
    /// What routes and records call it.
    pub name: String,
    pub kind: ProviderKind,
    /// Where its endpoints begin; the protocol's own address when absent.
    pub base_url: Option<String>,
    /// Whether there is a key for it, entered here or in the environment.
    pub has_api_key: bool,
    pub enabled: bool,
    /// Whether it answers without a key; absent: it does when it has an own `base_url`.
    pub keyless: Option<bool>,
    pub created_at: DateTime<Utc>,
}

/// Add or replace a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutProvider {
    #[cfg_attr(feature = "openapi", schema(value_type = crate::shape::ProviderName))]
    pub name: String,
    pub kind: ProviderKind,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::HttpUrl>))]
    pub base_url: Option<String>,
    /// Absent: what is there stays. Empty: what is there is removed.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::shape::ProviderKey>))]
    pub api_key: Option<String>,
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(default)]
    pub keyless: Option<bool>,
}

const fn yes() -> bool {
    true
}

impl PutProvider {
    /// # Errors
    /// When a value is not acceptable.
    pub fn validate(&self) -> Result<(), ApiError> {
        let mut checks = Checks::new();
        checks.text("name", &self.name, 64);
        let is_plain = self.name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        checks.check(is_plain, "name", "may contain letters, digits and the characters - _ .");
        if let Some(base_url) = &self.base_url {
            checks.http_url("base_url", base_url);
        }
        if let Some(key) = &self.api_key {
            checks.optional_text("api_key", key, 4_096);
            checks.check(key.is_ascii(), "api_key", "must be plain ASCII");
        }
        checks.finish()
    }
}
