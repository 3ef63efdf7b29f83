//! The metric store over restarts, on SQLite and on PostgreSQL.
//!
//! Always true: each test has a database of its own; time is moved by hand; PostgreSQL is the one that
//! `BELLWETHER_TEST_POSTGRES` names, and without it those tests say that they were skipped.

#[cfg(test)]
mod ending;
#[cfg(test)]
mod recall;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod world;

/// Makes a test for each database of an `async fn(World)`.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(crate::world::World::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                if let Some(world) = crate::world::World::postgres().await {
                    super::$name(world).await;
                }
            }
        }
    )*};
}
pub(crate) use on_both;
