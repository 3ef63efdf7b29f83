//! What errors of a database mean: that it cannot do its work at the moment, and why, or that we asked something wrong.
//!
//! Always true: an outage has a word for people that holds no internal detail; what is not known to be an outage is none.

use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Why a database cannot do its work at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// Nothing more fits on its disk.
    Full,
    /// Somebody else holds its lock for longer than we wait.
    Locked,
    /// It may only be read.
    ReadOnly,
    /// It does not answer, or is not there.
    Gone,
    /// Its disk fails.
    Failing,
    /// The file that was opened is not at its place any more.
    Replaced,
    /// Another process serves it now.
    Taken,
}

impl Outage {
    /// The outage behind an error, if it is one.
    #[must_use]
    pub fn of(error: &DbErr) -> Option<Self> {
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout | ConnAcquireErr::ConnectionClosed) => Some(Self::Gone),
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::of_driver(error),
            DbErr::Conn(_) => Some(Self::Gone),
            _ => None,
        }
    }

    fn of_driver(error: &SqlxError) -> Option<Self> {
        match error {
            SqlxError::Database(error) => {
                let code = error.code()?;
                match code.parse::<u32>() {
                    // SQLSTATE has five characters, SQLite's codes at most four digits.
                    Ok(code_number) if code.len() < 5 => Self::of_sqlite(code_number),
                    _ => Self::of_postgres(&code),
                }
            }
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::Protocol(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed => Some(Self::Gone),
            _ => None,
        }
    }

    /// By the primary result code, which is the lowest byte of the extended one (sqlite.org/rescode.html).
    const fn of_sqlite(code: u32) -> Option<Self> {
        match code & 0xff {
            5 | 6 => Some(Self::Locked),
            8 => Some(Self::ReadOnly),
            10 => Some(Self::Failing),
            13 => Some(Self::Full),
            14 => Some(Self::Gone),
            _ => None,
        }
    }

    /// By the SQLSTATE (appendix A of PostgreSQL's manual).
    fn of_postgres(state: &str) -> Option<Self> {
        match state {
            "53100" => Some(Self::Full),
            "55P03" | "57014" => Some(Self::Locked),
            "25006" => Some(Self::ReadOnly),
            "58030" => Some(Self::Failing),
            _ if state.starts_with("08") || state.starts_with("53") || state.starts_with("57P") => Some(Self::Gone),
            _ => None,
        }
    }

    /// What is the matter, after "the database".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Full => "is full: nothing more fits on its disk",
            Self::Locked => "is locked by another process",
            Self::ReadOnly => "is read-only",
            Self::Gone => "cannot be reached",
            Self::Failing => "cannot be written: its disk fails",
            Self::Replaced => "file is gone or was replaced: put it back, or restart",
            Self::Taken => "is served by another process now: stop one of the two",
        }
    }
}

/// Whether the error says that a unique value is taken.
#[must_use]
pub fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases() {
        let sqlite = [(5, Some(Outage::Locked)), (517, Some(Outage::Locked)), (13, Some(Outage::Full)), (19, None)];
        for (code, outage) in sqlite {
            assert_eq!(Outage::of_sqlite(code), outage, "{code}");
        }
        for (code, outage) in [(778, Some(Outage::Failing)), (1032, Some(Outage::ReadOnly)), (1, None)] {
            assert_eq!(Outage::of_sqlite(code), outage, "{code}");
        }
        let postgres = [
            ("53100", Some(Outage::Full)),
            ("25006", Some(Outage::ReadOnly)),
            ("57P01", Some(Outage::Gone)),
            ("57P03", Some(Outage::Gone)),
            ("53300", Some(Outage::Gone)),
            ("08006", Some(Outage::Gone)),
            ("23505", None),
            ("42601", None),
        ];
        for (state, outage) in postgres {
            assert_eq!(Outage::of_postgres(state), outage, "{state}");
        }
    }
}
