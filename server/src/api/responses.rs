//! The refusals that any operation may answer, for the OpenAPI document.

use domain::error::ErrorBody;
use utoipa::IntoResponses;

use super::PrometheusError;

macro_rules! refusals {
    ($(#[$doc:meta])* $name:ident: $body:ty) => {
        $(#[$doc])*
        #[derive(IntoResponses)]
        #[expect(dead_code, reason = "documentation only: the values are made by `Refusal`")]
        pub(crate) enum $name {
            /// The request could not be read.
            #[response(status = 400)]
            Malformed($body),
            /// No credentials, or none that are valid.
            #[response(status = 401)]
            NotAuthenticated($body),
            /// Known caller, not allowed.
            #[response(status = 403)]
            Forbidden($body),
            /// Not there, or not for this caller to know.
            #[response(status = 404)]
            NotFound($body),
            /// It took too long.
            #[response(status = 408)]
            Timeout($body),
            /// It clashes with what is there.
            #[response(status = 409)]
            Conflict($body),
            /// The body is too large.
            #[response(status = 413)]
            TooLarge($body),
            /// The content type is not one that is read here.
            #[response(status = 415)]
            UnsupportedMediaType($body),
            /// A value is not acceptable; `fields` names it.
            #[response(status = 422)]
            InvalidInput($body),
            /// Too many calls; `Retry-After` says when.
            #[response(status = 429)]
            RateLimited($body),
            /// Something this needs is down.
            #[response(status = 503)]
            Unavailable($body),
        }
    };
}

refusals! {
    /// Every refusal has the same shape.
    Refusals: ErrorBody
}

refusals! {
    /// But those of the Prometheus routes, which have Prometheus'.
    PrometheusRefusals: PrometheusError
}
