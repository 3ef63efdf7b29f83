//! Secrets at rest: sealed with AES-256-GCM under a master key that is not in the database.
//!
//! Always true: the name of a secret is bound to its ciphertext, so one cannot stand in for another; a master key
//! that does not open the proof value stored beside the secrets is refused at start, before anything is written.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rand::RngCore as _;

use crate::error::{Error, Result};

const VERSION: &str = "v1:";
const NONCE_LEN: usize = 12;

/// 32 bytes from which nothing can be read without this value.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Reads a key of 64 hexadecimal digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes)
            .map_err(|_| Error::field("security.master_key", "must be 64 hexadecimal digits (32 bytes)"))?;
        Ok(Self(bytes))
    }

    /// The key as 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads the key file; makes one, readable by its owner alone, where there is none and `may_create`.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds no key.
    pub fn from_file(path: &Path, may_create: bool) -> Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&text).map_err(|_| Error::Unavailable {
                message: format!(
                    "{} does not hold a master key (64 hexadecimal digits); restore it from your backup",
                    path.display()
                ),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_create => {
                let key = Self::generate();
                key.write_new(path)?;
                Ok(key)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::Unavailable {
                message: format!(
                    "the database holds secrets but the master key {} is missing; restore it from your backup or give it as BELLWETHER__SECURITY__MASTER_KEY",
                    path.display()
                ),
            }),
            Err(error) => Err(Error::internal("reading the master key", error)),
        }
    }

    /// Writes the key into a new file with mode 0600.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn write_new(&self, path: &Path) -> Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let doing = "writing the master key";
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(|e| Error::internal(doing, e))?;
        }
        let mut file = options.open(path).map_err(|e| Error::internal(doing, e))?;
        writeln!(file, "{}", self.to_hex()).and_then(|()| file.sync_all()).map_err(|e| Error::internal(doing, e))
    }

    /// Where the key file of a database is: beside it.
    #[must_use]
    pub fn path_beside(database: Option<&Path>) -> PathBuf {
        let folder = database.and_then(Path::parent).unwrap_or_else(|| Path::new("data"));
        folder.join("master.key")
    }

    /// Where a rotation keeps the new key until the database has taken it.
    #[must_use]
    pub fn pending_path(path: &Path) -> PathBuf {
        path.with_extension("key.new")
    }

    /// Seals a value under a name.
    ///
    /// # Errors
    /// When the cipher refuses (a value of more than 64 GiB).
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<String> {
        let mut nonce = [0; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: name.as_bytes() })
            .map_err(|_| Error::internal("sealing a secret", "the cipher refused"))?;
        Ok(format!("{VERSION}{}", BASE64.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what was sealed under the same name.
    ///
    /// # Errors
    /// When the key or the name is another, or the text was changed.
    pub fn open(&self, name: &str, sealed: &str) -> Result<Vec<u8>> {
        let wrong =
            || Error::Unavailable { message: format!("the secret \"{name}\" does not open under this master key") };
        let bytes = sealed.strip_prefix(VERSION).and_then(|text| BASE64.decode(text).ok()).ok_or_else(wrong)?;
        let (nonce, cipher) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(wrong)?;
        self.cipher().decrypt(&Nonce::from(*nonce), Payload { msg: cipher, aad: name.as_bytes() }).map_err(|_| wrong())
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.0.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_with_its_key_and_its_name() {
        let key = MasterKey::generate();
        let sealed = key.seal("jwt", b"value").unwrap();
        assert_eq!(key.open("jwt", &sealed).unwrap(), b"value");
        assert!(key.open("other", &sealed).is_err());
        assert!(MasterKey::generate().open("jwt", &sealed).is_err());
        assert!(key.open("jwt", "v1:AAAA").is_err());
    }

    #[test]
    fn the_file_is_private_and_a_lost_one_is_not_remade() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        assert!(MasterKey::from_file(&path, false).is_err());
        let key = MasterKey::from_file(&path, true).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(MasterKey::from_file(&path, false).unwrap().to_hex(), key.to_hex());
        std::fs::write(&path, "nonsense").unwrap();
        assert!(MasterKey::from_file(&path, true).is_err());
    }
}
