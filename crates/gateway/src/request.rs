//! A call as it comes in.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::{Deserialize, Serialize};

use crate::attribution::Source;

/// Which API the caller speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// `POST /v1/chat/completions`.
    Chat,
    /// `POST /v1/completions`.
    Completions,
    /// `POST /v1/embeddings`.
    Embeddings,
    /// `POST /v1/responses`.
    Responses,
    /// `POST /v1/messages`, Anthropic's.
    Messages,
}

impl Door {
    /// The door behind a path, whatever the method.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        Some(match path.trim_end_matches('/') {
            "/v1/chat/completions" => Self::Chat,
            "/v1/completions" => Self::Completions,
            "/v1/embeddings" => Self::Embeddings,
            "/v1/responses" => Self::Responses,
            "/v1/messages" => Self::Messages,
            _ => return None,
        })
    }

    /// The word for it in records and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Completions => "completions",
            Self::Embeddings => "embeddings",
            Self::Responses => "responses",
            Self::Messages => "messages",
        }
    }
}

/// Who calls, as [`crate::attribution::attribute`] finds out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Caller {
    /// The service it belongs to.
    pub service: String,
    /// How that is known.
    #[serde(default)]
    pub source: Source,
    /// The team of the key.
    pub team: Option<String>,
    /// The id of the key, never its value.
    pub key: Option<String>,
}

/// A call as it comes in.
#[derive(Clone, Debug)]
pub struct Request {
    /// Names the call in its record and in `x-bellwether-request-id`.
    pub id: String,
    /// Must be `POST` for all doors.
    pub method: Method,
    /// The path alone: `/v1/chat/completions`.
    pub path: String,
    /// All headers; what may be passed on is chosen here.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Bytes,
    /// Who calls.
    pub caller: Caller,
}
