//! A provider: an address, a protocol and a key.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which protocol a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `OpenAI` and whatever is compatible with it: Groq, vLLM, Ollama, Mistral, `OpenRouter`.
    OpenAi,
    /// Anthropic's Messages API.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// Cohere's v2 API.
    Cohere,
    /// Hugging Face: chat through its router, text generation and embeddings through its task API.
    HuggingFace,
    /// Answers by itself, without a network or a key.
    Simulation,
}

impl Kind {
    /// The word for it in settings and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Cohere => "cohere",
            Self::HuggingFace => "huggingface",
            Self::Simulation => "simulation",
        }
    }

    /// Where it is found when nothing else is said. A base URL ends before what the provider's documentation calls the endpoint.
    #[must_use]
    pub fn default_base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::Cohere => "https://api.cohere.com/v2",
            Self::HuggingFace => "https://router.huggingface.co",
            Self::Simulation => "",
        }
    }
}

/// A key. Neither `Debug` nor any error shows it; serialising it does, so only what stores it sealed may serialise it.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Whom calls can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// What routes and records call it.
    pub name: String,
    /// Which protocol it speaks.
    pub kind: Kind,
    /// Where it is; [`Kind::default_base_url`] when it is not said.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Its key. Without one the provider is passed over, unless it needs none.
    #[serde(default)]
    pub api_key: Option<Secret>,
    /// Whether it may be called.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether it answers without a key, as most servers of one's own do. Not said: with an own `base_url` it does.
    #[serde(default)]
    pub keyless: Option<bool>,
    /// Whether streams are asked for their usage (`stream_options.include_usage`). Servers that refuse the member need `false`; their
    /// tokens are then estimated.
    #[serde(default = "yes")]
    pub stream_usage: bool,
    /// Whether an `openai` provider has `/responses`; without it such calls are translated to chat.
    #[serde(default = "yes")]
    pub responses: bool,
    /// Sent with each call, beside what the protocol needs.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

fn yes() -> bool {
    true
}

impl Provider {
    /// An enabled provider with nothing but a name and a protocol.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self {
            name: name.into(),
            kind,
            base_url: None,
            api_key: None,
            enabled: true,
            keyless: None,
            stream_usage: true,
            responses: true,
            headers: Vec::new(),
        }
    }

    /// Where its endpoints begin, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        self.base_url.as_deref().unwrap_or(self.kind.default_base_url()).trim_end_matches('/')
    }

    /// Whether it can be called as far as keys are concerned.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        self.kind == Kind::Simulation || self.api_key.is_some() || self.keyless.unwrap_or(self.base_url.is_some())
    }

    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(is_plain) {
            let message = "must be 1 to 64 letters, digits, `-`, `_` or `.`".to_owned();
            problems.push(("name".to_owned(), message));
        }
        if self.kind != Kind::Simulation
            && let Some(problem) = address_problem(self.base())
        {
            problems.push(("base_url".to_owned(), problem));
        }
        if let Some(key) = &self.api_key
            && (key.reveal().is_empty() || http::HeaderValue::from_str(key.reveal()).is_err())
        {
            problems.push(("api_key".to_owned(), "must be a line of visible characters".to_owned()));
        }
        for (name, value) in &self.headers {
            if http::HeaderName::try_from(name).is_err() || http::HeaderValue::from_str(value).is_err() {
                problems.push(("headers".to_owned(), format!("`{name}` is not a valid header")));
            }
        }
        problems
    }
}

fn address_problem(base: &str) -> Option<String> {
    let Ok(uri) = base.parse::<http::Uri>() else {
        return Some("must be a URL such as `https://api.example.com/v1`".to_owned());
    };
    let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_http || uri.host().is_none_or(str::is_empty) {
        return Some("must begin with `http://` or `https://` and name a host".to_owned());
    }
    if uri.query().is_some() || uri.authority().is_some_and(|a| a.as_str().contains('@')) {
        return Some("must have neither a query nor credentials; give the key as `api_key`".to_owned());
    }
    None
}
