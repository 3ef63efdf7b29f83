//! What the command line does to a database that no process serves: migrate, rotate the master key.
//!
//! Always true: a rotation that is interrupted at any point leaves a key file that opens the database.

use std::path::PathBuf;

use crate::config::PlatformConfig;
use crate::database::{Access, Database};
use crate::error::{Error, Result};
use crate::secret::Secrets;
use crate::vault::MasterKey;

/// Runs the migrations that are missing. Answers with the newest one.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn migrate(config: &PlatformConfig) -> Result<Option<String>> {
    let database = Database::open(&config.database, Access::Beside).await?;
    let newest = database.migration().await;
    database.close().await;
    newest
}

/// What a rotation did.
#[derive(Debug)]
pub enum Rotated {
    /// The new key is in this file.
    File { path: PathBuf, secrets: u64 },
    /// The key is configured: set this one before the next start.
    Configured { key: MasterKey, secrets: u64 },
}

/// Seals every secret under a new master key.
///
/// # Errors
/// When a process serves the database, the present key does not open the secrets, or the database or the key file
/// cannot be written.
pub async fn rotate_master_key(config: &PlatformConfig) -> Result<Rotated> {
    let database = Database::open(&config.database, Access::Alone).await?;
    let secrets = Secrets::open(&database, &config.database, &config.security.master_key).await?;
    let new = MasterKey::generate();
    if !config.security.master_key.is_empty() {
        let n = secrets.rotate(&database, &new).await?;
        database.close().await;
        return Ok(Rotated::Configured { key: new, secrets: n });
    }
    let path = MasterKey::path_beside(config.database.sqlite_path().as_deref());
    let pending = MasterKey::pending_path(&path);
    if pending.exists() {
        // Left by a rotation that did not commit: its key opens nothing.
        std::fs::remove_file(&pending).map_err(|e| Error::internal("removing an unused key file", e))?;
    }
    new.write_new(&pending)?;
    let n = secrets.rotate(&database, &new).await?;
    std::fs::rename(&pending, &path).map_err(|e| Error::internal("replacing the key file", e))?;
    database.close().await;
    Ok(Rotated::File { path, secrets: n })
}
