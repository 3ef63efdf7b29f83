//! Whether the database takes writes, found out by writing.
//!
//! Always true: a probe commits; probes change one row.

use rand::RngCore as _;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use super::Database;
use crate::error::{Doing as _, Result};

impl Database {
    /// Proves that a transaction of so many bytes can be committed.
    ///
    /// # Errors
    /// When it cannot.
    pub(crate) async fn prove_write(&self, bytes: usize, now_ms: i64) -> Result<()> {
        let doing = "proving that the database takes writes";
        let sql = match self.backend() {
            DbBackend::Postgres => "UPDATE claim SET probed_ms = $1, payload = $2",
            _ => "UPDATE claim SET probed_ms = ?, payload = ?",
        };
        // Nothing that PostgreSQL could compress.
        let mut payload = vec![0_u8; bytes];
        rand::rng().fill_bytes(&mut payload);
        let txn = self.begin_exclusive(doing).await?;
        txn.execute_raw(Statement::from_sql_and_values(self.backend(), sql, [now_ms.into(), payload.into()]))
            .await
            .doing(doing)?;
        self.commit_exclusive(txn, doing).await
    }

    /// Counts one more time that a process begins to serve this database.
    pub(super) async fn begin_term(&self) -> Result<i64> {
        let doing = "beginning to serve the database";
        let sql = "UPDATE claim SET term = term + 1 RETURNING term";
        let txn = self.begin_exclusive(doing).await?;
        let row = txn.query_one_raw(Statement::from_string(self.backend(), sql)).await.doing(doing)?;
        let term = row.map(|row| row.try_get_by_index(0)).transpose().doing(doing)?;
        self.commit_exclusive(txn, doing).await?;
        Ok(term.unwrap_or(1))
    }
}
