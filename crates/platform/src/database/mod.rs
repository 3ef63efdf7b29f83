//! The database: who may use it, how it is reached, whether it takes writes, and what its errors mean.
//!
//! The cast: [`Database`] is the handle; a [`Claim`](claim) keeps a second serving process off; an [`Outage`] is why it
//! cannot do its work at the moment.
//!
//! Always true: on SQLite all writes go through one connection, so they queue in order instead of failing with
//! "database is locked"; foreign keys are on; one process serves a database; migrations have run before anybody else
//! sees the handle.

mod claim;
mod config;
mod connect;
mod outage;
mod probe;

use std::path::Path;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait as _};

pub use config::DatabaseConfig;
pub use outage::{Outage, is_taken};

use crate::error::{Doing, Error, Result};
use claim::{Claim, FileClaim, SessionClaim};
use connect::{pool, sqlite};

/// How a process uses the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// As the one that serves it: refused while another does.
    Alone,
    /// For a command that is harmless beside a serving process.
    Beside,
}

/// Handles to the database.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    exclusive: DatabaseConnection,
    claim: Claim,
}

impl Database {
    /// Connects and runs the migrations that are missing.
    ///
    /// # Errors
    /// When the URL is not one of ours, another process serves the database, it cannot be reached, or a migration fails.
    pub(crate) async fn open(config: &DatabaseConfig, access: Access) -> Result<Self> {
        let database = if config.is_sqlite() {
            Self::open_sqlite(config, access).await?
        } else if config.is_postgres() {
            Self::open_postgres(config, access).await?
        } else {
            return Err(Error::field("database.url", "must start with sqlite: or postgres:"));
        };
        Migrator::up(&database.write, None).await.doing("running migrations")?;
        if let Claim::Session(claim) = &database.claim {
            claim.begin(database.begin_term().await?);
        }
        Ok(database)
    }

    async fn open_sqlite(config: &DatabaseConfig, access: Access) -> Result<Self> {
        let doing = "opening the database";
        let path = config.sqlite_path();
        if let Some(parent) = path.as_deref().and_then(Path::parent) {
            std::fs::create_dir_all(parent).map_err(|e| Error::internal("making the data folder", e))?;
        }
        let claim = match &path {
            Some(path) if access == Access::Alone => Claim::File(FileClaim::take(path)?.into()),
            _ => Claim::Unneeded,
        };
        if let Some(path) = &path {
            let made = std::fs::OpenOptions::new().create(true).append(true).open(path);
            made.map_err(|e| Error::internal("making the database file", e))?;
        }
        let write = sea_orm::Database::connect(sqlite(config, 1)).await.doing(doing)?;
        // In memory there is one connection or there are several databases.
        let read = match &path {
            Some(_) => sea_orm::Database::connect(sqlite(config, config.max_connections)).await.doing(doing)?,
            None => write.clone(),
        };
        Ok(Self { read, exclusive: write.clone(), write, claim })
    }

    async fn open_postgres(config: &DatabaseConfig, access: Access) -> Result<Self> {
        let doing = "opening the database";
        let mut claim = Claim::Unneeded;
        let mut exclusive = None;
        if access == Access::Alone {
            let session = SessionClaim::default();
            let mut options = pool(config, 1);
            session.apply(&mut options);
            let connected = sea_orm::Database::connect(options).await;
            if connected.is_err() && session.is_refused() {
                return Err(claim::taken("its connection holds the advisory lock", "that database.url names"));
            }
            exclusive = Some(connected.doing(doing)?);
            claim = Claim::Session(session);
        }
        let both = sea_orm::Database::connect(pool(config, config.max_connections)).await.doing(doing)?;
        Ok(Self { read: both.clone(), exclusive: exclusive.unwrap_or_else(|| both.clone()), write: both, claim })
    }

    /// For statements that only read.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For statements that write, and for transactions.
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// A transaction that only the process that serves the database can begin: for samples and chunks, which have an order.
    ///
    /// # Errors
    /// When the database cannot take writes, or another process serves it.
    pub async fn begin_exclusive(&self, doing: &'static str) -> Result<DatabaseTransaction> {
        self.in_place()?;
        self.exclusive.begin().await.doing(doing).map_err(|error| self.explain(error))
    }

    /// Commits such a transaction, unless what it wrote would be lost with the file.
    ///
    /// # Errors
    /// As above. Whether it has committed is not known then.
    pub async fn commit_exclusive(&self, transaction: DatabaseTransaction, doing: &'static str) -> Result<()> {
        transaction.commit().await.doing(doing)?;
        self.in_place()
    }

    fn in_place(&self) -> Result<()> {
        self.claim.outage().map_or(Ok(()), |outage| Err(Error::Outage(outage)))
    }

    fn explain(&self, error: Error) -> Error {
        match error.outage().map(|outage| self.claim.explain(outage)) {
            Some(outage @ Outage::Taken) => Error::Outage(outage),
            _ => error,
        }
    }

    /// Which of the two it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// A round trip.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ping(&self) -> Result<()> {
        self.read
            .execute_raw(Statement::from_string(self.backend(), "SELECT 1"))
            .await
            .doing("asking the database for a sign of life")?;
        Ok(())
    }

    /// Bytes on disk, where the database tells.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn size_bytes(&self) -> Result<Option<i64>> {
        let sql = match self.backend() {
            DbBackend::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            _ => "SELECT pg_database_size(current_database())",
        };
        let row = self
            .read
            .query_one_raw(Statement::from_string(self.backend(), sql))
            .await
            .doing("measuring the database")?;
        row.map(|row| row.try_get_by_index(0)).transpose().doing("measuring the database")
    }

    /// Name of the newest migration that ran.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn migration(&self) -> Result<Option<String>> {
        let sql = "SELECT version FROM seaql_migrations ORDER BY version DESC LIMIT 1";
        let row = self
            .read
            .query_one_raw(Statement::from_string(self.backend(), sql))
            .await
            .doing("reading the migrations")?;
        row.map(|row| row.try_get_by_index(0)).transpose().doing("reading the migrations")
    }

    /// Closes all connections after what runs has ended.
    pub async fn close(&self) {
        for connection in [&self.read, &self.write, &self.exclusive] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "closing the database");
            }
        }
        if let Claim::File(claim) = &self.claim {
            claim.release();
        }
    }
}
