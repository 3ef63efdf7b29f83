//! Runs one test in a world of its own, on one database.

use std::panic::{AssertUnwindSafe, resume_unwind};

use futures::FutureExt as _;

use super::database::{Backend, Database};
use super::world::World;

/// Makes a module of each database with a test for each function. The functions take a [`World`].
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                $crate::support::run($crate::support::Backend::Sqlite, super::$name);
            })+
        }
        mod postgres {
            $(#[test]
            fn $name() {
                $crate::support::run($crate::support::Backend::Postgres, super::$name);
            })+
        }
    };
}

/// Runs `test` and takes the world apart again, also when it failed.
pub(crate) fn run<F: Future<Output = ()>>(backend: Backend, test: impl FnOnce(World) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let Some(database) = Database::fresh(backend).await else {
            println!("skipped: BELLWETHER_TEST_POSTGRES does not name a PostgreSQL server");
            return;
        };
        let world = World::start(&database.url).await;
        let outcome = AssertUnwindSafe(test(world.clone())).catch_unwind().await;
        world.platform.finish_stop().await;
        database.drop().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}
