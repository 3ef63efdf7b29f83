//! A fresh database for one test.

use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tempfile::TempDir;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

/// A database that nobody else uses, and what it takes to remove it.
pub(crate) struct Database {
    pub(crate) url: String,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Server { connection: DatabaseConnection, name: String },
}

impl Database {
    /// A new one; none on PostgreSQL when the environment names no server.
    pub(crate) async fn fresh(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite:{}/test.db", folder.path().display());
                Some(Self { url, place: Place::Folder(folder) })
            }
            Backend::Postgres => {
                let server = std::env::var("BELLWETHER_TEST_POSTGRES").ok().filter(|url| !url.is_empty())?;
                let connection = sea_orm::Database::connect(&server).await.unwrap();
                let name = format!("it_{}", uuid::Uuid::now_v7().simple());
                connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
                Some(Self { url, place: Place::Server { connection, name } })
            }
        }
    }

    /// Removes it.
    pub(crate) async fn drop(self) {
        match self.place {
            Place::Folder(folder) => folder.close().unwrap(),
            Place::Server { connection, name } => {
                let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                connection.execute_unprepared(&sql).await.unwrap();
            }
        }
    }
}
