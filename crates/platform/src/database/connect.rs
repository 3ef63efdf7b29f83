//! How connections are made and which of them are good to be used again.

use std::time::Duration;

use sea_orm::ConnectOptions;
use sea_orm::sqlx::Connection as _;

use super::DatabaseConfig;

/// How long a statement waits for somebody else's lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// A pool with the limits of the configuration.
pub(super) fn pool(config: &DatabaseConfig, connections: u32) -> ConnectOptions {
    // PostgreSQL's own tools write the long form, the driver knows the short one.
    let url = config.url.replacen("postgresql:", "postgres:", 1);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(config.acquire_timeout_secs))
        .connect_timeout(Duration::from_secs(config.acquire_timeout_secs))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|options| options.options([("lock_timeout", LOCK_WAIT.as_millis())]));
    options
}

/// A pool of a SQLite database.
pub(super) fn sqlite(config: &DatabaseConfig, connections: u32) -> ConnectOptions {
    let mut options = pool(config, connections);
    // A SQLite connection that idles costs nothing; one that is reopened loses its page cache.
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    // SQLite ends a transaction by itself when its disk is full or fails. The driver still counts it as open: the next one
    // would be a savepoint, and its commit none. Such a connection is closed.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.before_acquire(|connection, _| Box::pin(std::future::ready(Ok(!connection.is_in_transaction()))))
    });
    let is_memory = config.sqlite_path().is_none();
    options.map_sqlx_sqlite_opts(move |options| {
        options
            // A file that has gone must not come back empty with the next connection.
            .create_if_missing(is_memory)
            .foreign_keys(true)
            .busy_timeout(LOCK_WAIT)
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
