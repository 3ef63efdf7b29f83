//! The refusals that any operation may answer, for the OpenAPI document.

use domain::error::ErrorBody;
use utoipa::IntoResponses;

/// Every refusal has the same shape.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "documentation only: the values are made by `Refusal`")]
pub(crate) enum Refusals {
    /// The request could not be read.
    #[response(status = 400)]
    Malformed(ErrorBody),
    /// No credentials, or none that are valid.
    #[response(status = 401)]
    NotAuthenticated(ErrorBody),
    /// Known caller, not allowed.
    #[response(status = 403)]
    Forbidden(ErrorBody),
    /// Not there, or not for this caller to know.
    #[response(status = 404)]
    NotFound(ErrorBody),
    /// It took too long.
    #[response(status = 408)]
    Timeout(ErrorBody),
    /// It clashes with what is there.
    #[response(status = 409)]
    Conflict(ErrorBody),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(ErrorBody),
    /// The content type is not one that is read here.
    #[response(status = 415)]
    UnsupportedMediaType(ErrorBody),
    /// A value is not acceptable; `fields` names it.
    #[response(status = 422)]
    InvalidInput(ErrorBody),
    /// Too many calls; `Retry-After` says when.
    #[response(status = 429)]
    RateLimited(ErrorBody),
    /// Something this needs is down.
    #[response(status = 503)]
    Unavailable(ErrorBody),
}
