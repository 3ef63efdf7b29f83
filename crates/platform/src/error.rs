//! What went wrong inside, with its sources, and its one conversion to what the outside is told.
//!
//! Always true: an internal error is never serialized; a message for the outside never holds internal detail.

use std::error::Error as StdError;

use domain::access::Permission;
use domain::error::{ApiError, ErrorCode, FieldError};
use domain::key::RateLimit;
use sea_orm::DbErr;

use crate::database::Outage;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not authenticated")]
    NotAuthenticated,
    #[error("wrong e-mail or password")]
    WrongCredentials,
    #[error("the permission {permission} is missing")]
    Forbidden { permission: Permission },
    #[error("this is about a person's own log-in")]
    PeopleOnly,
    #[error("{what} not found")]
    NotFound { what: &'static str },
    #[error("{message}")]
    Conflict { message: String },
    #[error("invalid input")]
    Invalid(Vec<FieldError>),
    #[error("rate limited for {retry_after_secs} s")]
    RateLimited {
        message: String,
        retry_after_secs: u64,
        /// The limit of the key that was over it, where it was one.
        rate: Option<RateLimit>,
    },
    #[error("the body is too large")]
    TooLarge { message: String },
    #[error("{message}")]
    Unavailable { message: String },
    #[error("database failed while {doing}")]
    Database {
        doing: &'static str,
        #[source]
        source: DbErr,
    },
    #[error("the database {}", .0.words())]
    Outage(Outage),
    #[error("internal error while {doing}")]
    Internal {
        doing: &'static str,
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
}

impl Error {
    /// An internal error with its source.
    pub fn internal(doing: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal { doing, source: source.into() }
    }

    /// An unacceptable value in one field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// Why the database cannot do its work at the moment, if that is what went wrong.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        match self {
            Self::Database { source, .. } => Outage::of(source),
            Self::Outage(outage) => Some(*outage),
            _ => None,
        }
    }

    /// The error and its sources in one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }
}

/// Checks of `domain` come back as public errors; inside they are invalid input.
impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        match error.code {
            ErrorCode::InvalidInput => Self::Invalid(error.fields),
            _ => Self::internal("checking input", error.message),
        }
    }
}

/// The only place where an internal error becomes public text.
impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        if let Some(outage) = error.outage() {
            tracing::error!(error = %error.chain(), "database unavailable");
            let message = format!("the database {}; try again later", outage.words());
            return Self { retry_after_secs: Some(5), ..Self::new(ErrorCode::Unavailable, message) };
        }
        match error {
            Error::NotAuthenticated => Self::new(
                ErrorCode::NotAuthenticated,
                "log in, or send a valid API key as X-API-Key or Authorization: Bearer",
            ),
            Error::WrongCredentials => Self::new(ErrorCode::NotAuthenticated, "the e-mail or the password is wrong"),
            Error::Forbidden { permission } => {
                Self::new(ErrorCode::Forbidden, format!("this needs the permission \"{permission}\""))
            }
            Error::PeopleOnly => {
                Self::new(ErrorCode::Forbidden, "this is about a person's own log-in, and an API key has none")
            }
            Error::NotFound { what } => Self::new(ErrorCode::NotFound, format!("{what} not found")),
            Error::Conflict { message } => Self::new(ErrorCode::Conflict, message),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::RateLimited { message, retry_after_secs, .. } => {
                Self { retry_after_secs: Some(retry_after_secs), ..Self::new(ErrorCode::RateLimited, message) }
            }
            Error::TooLarge { message } => Self::new(ErrorCode::TooLarge, message),
            Error::Unavailable { message } => {
                Self { retry_after_secs: Some(5), ..Self::new(ErrorCode::Unavailable, message) }
            }
            error @ (Error::Database { .. } | Error::Outage(_) | Error::Internal { .. }) => {
                tracing::error!(error = %error.chain(), "internal error");
                Self::new(ErrorCode::Internal, "an internal error; the log has the details under the request id")
            }
        }
    }
}

/// Names what the database was asked when it failed.
pub(crate) trait Doing<T> {
    /// Turns a database error into ours.
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, DbErr> {
    fn doing(self, doing: &'static str) -> Result<T> {
        self.map_err(|source| Error::Database { doing, source })
    }
}

/// Swallows an error by name: it is logged, never lost silently.
pub trait OrLog<T> {
    /// Logs the error and goes on without the value.
    fn or_log(self, doing: &'static str) -> Option<T>;
}

impl<T> OrLog<T> for Result<T> {
    fn or_log(self, doing: &'static str) -> Option<T> {
        self.map_err(|error| tracing::warn!(doing, error = %error.chain(), "went on without")).ok()
    }
}
