//! The public error as server functions carry it.
//!
//! Always true: it has the shape of a REST error, so whatever refuses a call (also a limit or a middleware) is understood.

use bytes::Bytes;
use domain::error::{ApiError, ErrorBody, ErrorCode};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::{Deserialize, Serialize};

/// What a server function answers.
pub type Answer<T> = Result<T, Failure>;

/// A refusal. A newtype, because both the error and the trait it needs here come from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure(pub ApiError);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl FromServerFnError for Failure {
    type Encoder = Envelope;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let (code, message) = match error {
            // Which is what the limit on bodies says, and nothing else does.
            ServerFnErrorErr::Deserialization(text) if text == "length limit exceeded" => {
                (ErrorCode::TooLarge, "the input is larger than this path takes".to_owned())
            }
            ServerFnErrorErr::Args(text) | ServerFnErrorErr::Deserialization(text) => {
                (ErrorCode::MalformedRequest, format!("the input could not be read: {text}"))
            }
            ServerFnErrorErr::MissingArg(text) => (ErrorCode::MalformedRequest, format!("{text} is missing")),
            ServerFnErrorErr::Request(_) => {
                (ErrorCode::Unavailable, "the server could not be reached; check that it runs and try again".to_owned())
            }
            _ => (
                ErrorCode::Internal,
                "the answer could not be made or read; the server's log has the details".to_owned(),
            ),
        };
        // The answer gets the status of the refusal, as every other.
        super::request::refuse(ApiError::new(code, message))
    }
}

/// JSON, in the envelope of every error of the REST door.
#[derive(Debug)]
pub struct Envelope;

impl ContentType for Envelope {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Envelope {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Failure> for Envelope {
    type Error = serde_json::Error;

    fn encode(failure: &Failure) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(&ErrorBody { error: failure.0.clone() }).map(Bytes::from)
    }
}

impl Decodes<Failure> for Envelope {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<Failure, Self::Error> {
        Ok(Failure(serde_json::from_slice::<ErrorBody>(&bytes)?.error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_survives_the_wire_with_its_fields() {
        for &code in ErrorCode::ALL {
            let sent = Failure(ApiError { code, ..ApiError::field("email", "must contain @") });
            assert_eq!(Failure::de(sent.ser()), sent);
        }
    }

    #[test]
    fn an_answer_that_is_not_ours_becomes_an_error_in_words() {
        let failure = Failure::de(Bytes::from_static(b"<html>502 Bad Gateway</html>"));
        assert_eq!(failure.0.code, ErrorCode::MalformedRequest);
    }
}
