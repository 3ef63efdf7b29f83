//! What keeps a second serving process off a database.
//!
//! Always true: who serves a database holds its claim: on SQLite a lock on a file beside the database, on PostgreSQL an
//! advisory lock of one connection. The system takes either back when the process ends, however it ends. Samples and
//! chunks on PostgreSQL are written over that very connection, so who has lost the claim cannot write any.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::future::BoxFuture;
use parking_lot::Mutex;
use sea_orm::ConnectOptions;
use sea_orm::sqlx::{self, PgConnection};

use super::Outage;
use crate::error::{Error, Result};

/// How long PostgreSQL may take to notice that the process that held the claim has died.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The first half of the advisory lock's key; the second tells schemas apart.
const KEY: i32 = 0x6265_6c6c;

/// The claim on a database.
#[derive(Clone, Debug)]
pub(super) enum Claim {
    /// Nobody else can reach it, or this process does not serve it.
    Unneeded,
    File(Arc<FileClaim>),
    Session(SessionClaim),
}

/// A lock on a file beside a SQLite database.
#[derive(Debug)]
pub(super) struct FileClaim {
    /// Locked as long as it is open.
    lock: Mutex<Option<File>>,
    database: PathBuf,
    /// Of the database's file when it was opened.
    identity: OnceLock<Option<(u64, u64)>>,
}

impl FileClaim {
    /// Takes the claim.
    pub(super) fn take(database: &Path) -> Result<Self> {
        let doing = "locking the database";
        // The lock lies beside the file itself, whatever link leads there.
        let database = match database.canonicalize() {
            Ok(real) => real,
            Err(_) => std::path::absolute(database).map_err(|e| Error::internal(doing, e))?,
        };
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&name)
            .map_err(|e| Error::internal("opening the lock file beside the database", e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                lock.read_to_string(&mut holder).unwrap_or_default();
                return Err(taken(&format!("process {}", holder.trim()), &database.display().to_string()));
            }
            Err(TryLockError::Error(error)) => return Err(Error::internal(doing, error)),
        }
        let noted =
            lock.set_len(0).and_then(|()| lock.rewind()).and_then(|()| writeln!(lock, "{}", std::process::id()));
        // The number is a courtesy to whoever is refused; on a full disk the lock holds without it.
        noted.unwrap_or_else(|error| tracing::warn!(%error, "the lock file does not say who holds it"));
        Ok(Self { lock: Mutex::new(Some(lock)), database, identity: OnceLock::new() })
    }

    /// Gives the claim back.
    pub(super) fn release(&self) {
        self.lock.lock().take();
    }

    /// Whether the file that is open is still the one at its place. The first call remembers which that is.
    fn is_in_place(&self) -> bool {
        let now = identity(&self.database);
        *self.identity.get_or_init(|| now) == now
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
}

/// An advisory lock of one PostgreSQL connection, taken anew when that connection has to be.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionClaim {
    is_refused: Arc<AtomicBool>,
    /// Which time in the life of the database it is that a process serves it; 0 until that is known.
    term: Arc<AtomicI64>,
}

impl SessionClaim {
    /// Makes a pool of the one connection that holds the claim.
    pub(super) fn apply(&self, options: &mut ConnectOptions) {
        let claim = self.clone();
        options
            .max_connections(1)
            .min_connections(1)
            .acquire_timeout(PATIENCE)
            .connect_timeout(PATIENCE)
            .idle_timeout(None::<Duration>)
            .max_lifetime(None::<Duration>)
            .map_sqlx_postgres_pool_opts(move |pool| {
                let claim = claim.clone();
                pool.after_connect(move |connection, _| claim.clone().take(connection))
            });
    }

    fn take(self, connection: &mut PgConnection) -> BoxFuture<'_, sqlx::Result<()>> {
        Box::pin(async move {
            // A process whose machine has gone must not keep its claim for hours.
            let keepalive =
                "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";
            sqlx::raw_sql(keepalive).execute(&mut *connection).await?;
            let mut is_ours: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, hashtext(current_schema()))")
                .bind(KEY)
                .fetch_one(&mut *connection)
                .await?;
            let term = self.term.load(Ordering::Acquire);
            if is_ours && term != 0 {
                // The connection was lost. Who served the database in between has written what this process has not seen.
                let now: i64 = sqlx::query_scalar("SELECT term FROM claim").fetch_one(connection).await?;
                is_ours = now == term;
            }
            self.is_refused.store(!is_ours, Ordering::Release);
            if is_ours { Ok(()) } else { Err(sqlx::Error::Configuration("another process holds the claim".into())) }
        })
    }

    pub(super) fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Acquire)
    }

    /// From now on the claim is good for this term only.
    pub(super) fn begin(&self, term: i64) {
        self.term.store(term, Ordering::Release);
    }
}

impl Claim {
    /// What stands against writing, as far as that is known without asking the database.
    pub(super) fn outage(&self) -> Option<Outage> {
        match self {
            Self::File(claim) => (!claim.is_in_place()).then_some(Outage::Replaced),
            Self::Unneeded | Self::Session(_) => None,
        }
    }

    /// What an outage really is, since the driver says of a refused claim only that there is no connection.
    pub(super) fn explain(&self, outage: Outage) -> Outage {
        match self {
            Self::Session(claim) if outage == Outage::Gone && claim.is_refused() => Outage::Taken,
            _ => outage,
        }
    }
}

/// The refusal of a second process.
pub(super) fn taken(who: &str, what: &str) -> Error {
    Error::Conflict {
        message: format!(
            "another Bellwether ({who}) serves the database {what}: stop it, or give this one its own database.url"
        ),
    }
}
