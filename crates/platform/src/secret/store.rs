//! Secrets in the database, sealed under the master key: opened at start, rotated by a command.
//!
//! Always true: there is a proof value as soon as there is any secret; a key that does not open it stops the start with
//! a message that says what to do; rotation re-seals everything in one transaction or nothing.

use std::path::Path;

use rand::RngCore as _;
use sea_orm::{ConnectionTrait, EntityTrait as _, IntoActiveModel as _, TransactionTrait as _};

use crate::database::{Database, DatabaseConfig};
use crate::entity::secret;
use crate::error::{Doing as _, Error, Result};
use crate::vault::MasterKey;

const PROOF: &str = "proof";
const PROOF_VALUE: &[u8] = b"bellwether";
const JWT: &str = "jwt";

/// The opened vault.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    key: MasterKey,
}

impl Secrets {
    /// Finds the master key and proves that it is the right one.
    ///
    /// # Errors
    /// When the key is missing although there are secrets, or is another than they were sealed with.
    pub(crate) async fn open(db: &Database, config: &DatabaseConfig, configured: &str) -> Result<Self> {
        let proof = find(db.read(), PROOF).await?;
        let key = if configured.is_empty() {
            let path = MasterKey::path_beside(config.sqlite_path().as_deref());
            finish_rotation(&path, proof.as_deref())?;
            MasterKey::from_file(&path, proof.is_none())?
        } else {
            MasterKey::from_hex(configured)?
        };
        match proof {
            Some(sealed) => {
                key.open(PROOF, &sealed).map_err(|_| Error::Unavailable {
                    message: "the master key is not the one this database was sealed with; restore the right one from your backup".to_owned(),
                })?;
            }
            None => put(db.write(), PROOF, key.seal(PROOF, PROOF_VALUE)?).await?,
        }
        Ok(Self { key })
    }

    /// The key that tokens are signed with; made at the first start.
    pub(crate) async fn token_key(&self, db: &Database) -> Result<Vec<u8>> {
        if let Some(sealed) = find(db.read(), JWT).await? {
            return self.key.open(JWT, &sealed);
        }
        let mut secret = vec![0; 32];
        rand::rng().fill_bytes(&mut secret);
        put(db.write(), JWT, self.key.seal(JWT, &secret)?).await?;
        Ok(secret)
    }

    /// What is kept under a name.
    pub(crate) async fn get(&self, db: &impl ConnectionTrait, name: &str) -> Result<Option<Vec<u8>>> {
        find(db, name).await?.map(|sealed| self.key.open(name, &sealed)).transpose()
    }

    /// Keeps a value under a name, sealed.
    pub(crate) async fn set(&self, db: &impl ConnectionTrait, name: &str, value: &[u8]) -> Result<()> {
        self.remove(db, name).await?;
        put(db, name, self.key.seal(name, value)?).await
    }

    /// Forgets what is kept under a name.
    pub(crate) async fn remove(&self, db: &impl ConnectionTrait, name: &str) -> Result<()> {
        secret::Entity::delete_by_id(name.to_owned()).exec(db).await.doing("removing a secret")?;
        Ok(())
    }

    /// Seals everything anew under another key.
    ///
    /// # Errors
    /// When a secret does not open or the database fails; then nothing has changed.
    pub(crate) async fn rotate(&self, db: &Database, new: &MasterKey) -> Result<u64> {
        let doing = "rotating the master key";
        let txn = db.write().begin().await.doing(doing)?;
        let rows = secret::Entity::find().all(&txn).await.doing(doing)?;
        let n = rows.len() as u64;
        for row in rows {
            let plain = self.key.open(&row.name, &row.sealed)?;
            let sealed = new.seal(&row.name, &plain)?;
            let mut change = row.into_active_model();
            change.sealed = sea_orm::Set(sealed);
            sea_orm::ActiveModelTrait::update(change, &txn).await.doing(doing)?;
        }
        txn.commit().await.doing(doing)?;
        Ok(n)
    }
}

/// A rotation that stopped between its commit and the renaming of its key file is finished now.
fn finish_rotation(path: &Path, proof: Option<&str>) -> Result<()> {
    let pending = MasterKey::pending_path(path);
    let Some(sealed) = proof.filter(|_| pending.exists()) else { return Ok(()) };
    let is_new = MasterKey::from_file(&pending, false).is_ok_and(|key| key.open(PROOF, sealed).is_ok());
    if is_new {
        std::fs::rename(&pending, path).map_err(|e| Error::internal("replacing the key file", e))?;
    }
    Ok(())
}

async fn find(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>> {
    let row = secret::Entity::find_by_id(name.to_owned()).one(db).await.doing("reading a secret")?;
    Ok(row.map(|row| row.sealed))
}

async fn put(db: &impl ConnectionTrait, name: &str, sealed: String) -> Result<()> {
    let row = secret::Model { name: name.to_owned(), sealed };
    secret::Entity::insert(row.into_active_model()).exec_without_returning(db).await.doing("storing a secret")?;
    Ok(())
}
