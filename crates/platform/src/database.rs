//! The database: one connection that writes on SQLite, a pool on PostgreSQL, and what their errors mean.
//!
//! Always true: on SQLite all writes go through one connection, so they queue in order instead of failing with
//! "database is locked"; foreign keys are on; migrations have run before anybody else sees the handle.

use std::path::{Path, PathBuf};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement};
use serde::Deserialize;

use crate::error::{Doing, Error, Result};

/// `[database]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Connections that read (SQLite) or all connections (PostgreSQL).
    pub max_connections: u32,
    /// Seconds a statement waits for a connection before it is refused.
    pub acquire_timeout_secs: u64,
}

/// Handles to the database.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl DatabaseConfig {
    /// The file of a SQLite database, if it is one and on disk.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let rest = self.url.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let path = rest.split('?').next().unwrap_or(rest);
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
    }
}

impl Database {
    /// Connects and runs the migrations that are missing.
    ///
    /// # Errors
    /// When the URL is not one of ours, the database cannot be reached, or a migration fails.
    pub async fn open(config: &DatabaseConfig) -> Result<Self> {
        let database = Self::connect(config).await?;
        Migrator::up(&database.write, None).await.doing("running migrations")?;
        Ok(database)
    }

    async fn connect(config: &DatabaseConfig) -> Result<Self> {
        if config.url.starts_with("sqlite:") {
            if let Some(parent) = config.sqlite_path().as_deref().and_then(Path::parent) {
                std::fs::create_dir_all(parent).map_err(|e| Error::internal("making the data folder", e))?;
            }
            let write = sea_orm::Database::connect(sqlite(config, 1)).await.doing("opening the database")?;
            // In memory there is one connection or there are several databases.
            let read = match config.sqlite_path() {
                Some(_) => sea_orm::Database::connect(sqlite(config, config.max_connections))
                    .await
                    .doing("opening the database")?,
                None => write.clone(),
            };
            Ok(Self { read, write })
        } else if config.url.starts_with("postgres:") || config.url.starts_with("postgresql:") {
            let both =
                sea_orm::Database::connect(pool(config, config.max_connections)).await.doing("opening the database")?;
            Ok(Self { read: both.clone(), write: both })
        } else {
            Err(Error::field("database.url", "must start with sqlite: or postgres:"))
        }
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

    /// Which of the two it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// A round trip that also proves that writing is possible.
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
        for connection in [&self.read, &self.write] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "closing the database");
            }
        }
    }
}

fn pool(config: &DatabaseConfig, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.clone());
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(config.acquire_timeout_secs))
        .connect_timeout(Duration::from_secs(config.acquire_timeout_secs))
        .sqlx_logging(false);
    options
}

fn sqlite(config: &DatabaseConfig, connections: u32) -> ConnectOptions {
    let mut options = pool(config, connections);
    // A SQLite connection that idles costs nothing; one that is reopened loses its page cache.
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options.map_sqlx_sqlite_opts(|options| {
        options
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_mode", "WAL")
            // Committed means written to the operating system: it survives kill -9, and a power cut loses at most the
            // last moments, never the file's integrity.
            .pragma("synchronous", "NORMAL")
            .pragma("cache_size", "-4000")
            .pragma("journal_size_limit", "67108864")
            .pragma("wal_autocheckpoint", "4000")
    });
    options
}

/// Whether the error means that the database is away, full or locked, rather than that we asked something wrong.
#[must_use]
pub fn is_outage(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            let text = error.to_string().to_lowercase();
            [
                "database is locked",
                "disk is full",
                "disk i/o",
                "readonly database",
                "unable to open",
                "connection",
                "shutting down",
                "broken pipe",
            ]
            .iter()
            .any(|sign| text.contains(sign))
        }
        _ => false,
    }
}

/// Whether the error says that a unique value is taken.
#[must_use]
pub fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
}
