//! One process serves a database, and says so when it cannot.

use domain::system::ReadinessLine;
use platform::{Error, Platform};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use crate::on_both;
use crate::world::{SECOND, World, eventually, push, samples};

on_both!(a_second_process_is_refused_until_the_first_has_stopped, a_locked_database_is_said_and_heals_by_itself);

async fn a_second_process_is_refused_until_the_first_has_stopped(world: World) {
    let first = world.start().await;
    let refused = world.try_start().await;
    let Err(Error::Conflict { message }) = refused else { panic!("{refused:?}") };
    assert!(message.starts_with("another Bellwether ("), "{message}");
    assert!(message.ends_with("stop it, or give this one its own database.url"), "{message}");
    push(&first, std::iter::once(world.now_ms())).await.unwrap();
    first.finish_stop().await;

    let second = world.start().await;
    push(&second, std::iter::once(world.now_ms() + SECOND)).await.unwrap();
    second.finish_stop().await;
}

async fn database_line(platform: &Platform) -> ReadinessLine {
    platform.system().readiness().await.into_iter().find(|line| line.name == "database").unwrap()
}

async fn a_locked_database_is_said_and_heals_by_itself(world: World) {
    let platform = world.start().await;
    let line = database_line(&platform).await;
    assert!(line.is_ok, "{line:?}");

    let stranger = world.connection().await;
    let lock = stranger.begin().await.unwrap();
    let is_sqlite = stranger.get_database_backend() == sea_orm::DbBackend::Sqlite;
    let sql = if is_sqlite { "UPDATE claim SET probed_ms = 0" } else { "LOCK TABLE claim, sample_batch" };
    lock.execute_unprepared(sql).await.unwrap();
    let at = world.now_ms();
    let refused = push(&platform, std::iter::once(at)).await;
    let Err(Error::Unavailable { message }) = refused else { panic!("{refused:?}") };
    assert!(message.contains("the database is locked by another process"), "{message}");
    assert!(samples(&platform, "queue_depth", at, at).await.is_empty(), "readable although refused");
    let line = eventually("an answer", async || {
        let line = database_line(&platform).await;
        (line.detail == "is locked by another process").then_some(line)
    })
    .await;
    assert!(!line.is_ok, "{line:?}");

    lock.rollback().await.unwrap();
    eventually("a ready database", async || database_line(&platform).await.is_ok.then_some(())).await;
    push(&platform, std::iter::once(at)).await.unwrap();
    assert_eq!(samples(&platform, "queue_depth", at, at).await.len(), 1);
    stranger.close().await.unwrap();
    platform.finish_stop().await;
}
