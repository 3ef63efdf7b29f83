//! Passwords: argon2id with OWASP's current parameters (19 MiB, 2 passes, 1 lane).
//!
//! Always true: hashing runs off the async threads and at most two at a time, so a flood of log-ins cannot take the
//! machine's memory or stop anything else.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// OWASP Password Storage Cheat Sheet, argon2id, in KiB, passes and lanes.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes and verifies passwords.
#[derive(Clone, Debug)]
pub(crate) struct Hasher {
    slots: Arc<Semaphore>,
    /// Verified when there is no such person, so that the answer takes as long.
    decoy: Arc<str>,
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|e| Error::internal("setting up argon2", e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let hash = argon2()?
        .hash_password(password.as_bytes())
        .map_err(|e| Error::internal("hashing a password", e.to_string()))?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|e| Error::internal("reading a password hash", e.to_string()))?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

impl Hasher {
    pub(crate) async fn new() -> Result<Self> {
        let decoy = blocking(|| hash("no person has this password")).await?;
        Ok(Self { slots: Arc::new(Semaphore::new(2)), decoy: decoy.into() })
    }

    /// A PHC string of the password with a fresh salt.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        let _slot = self.slots.acquire().await.map_err(|e| Error::internal("waiting to hash", e))?;
        blocking(move || hash(&password)).await
    }

    /// Whether the password is the one that was hashed; without a hash it takes as long and says no.
    pub(crate) async fn verify(&self, password: String, expected: Option<String>) -> Result<bool> {
        let _slot = self.slots.acquire().await.map_err(|e| Error::internal("waiting to verify", e))?;
        let decoy = Arc::clone(&self.decoy);
        blocking(move || match expected {
            Some(expected) => verify(&password, &expected),
            None => verify(&password, &decoy).map(|_| false),
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::internal("hashing a password", e))?
}

/// A password of 20 characters that nobody mistypes.
#[must_use]
pub fn random_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 20];
    rand::RngCore::fill_bytes(&mut rand::rng(), &mut bytes);
    bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .map(|&letter| char::from(letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_only_against_its_own_hash() {
        let hasher = Hasher::new().await.unwrap();
        let hash = hasher.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("wrong horse battery".into(), Some(hash)).await.unwrap());
        assert!(!hasher.verify("no person has this password".into(), None).await.unwrap());
    }
}
