//! What memory has forgotten is not lost and not stored twice.

use crate::on_both;
use crate::world::{DAY, HOUR, SECOND, World, all_in_chunks, checkpoints, eventually, push, samples, status};

on_both!(
    samples_of_a_series_that_was_silent_for_days_survive_a_restart,
    a_series_that_left_memory_comes_back_with_what_it_has_sealed,
    a_series_that_came_back_is_replayed_once,
);

fn times(from: i64, n: i64) -> impl Iterator<Item = i64> + Clone {
    (0..n).map(move |i| from + i * SECOND)
}

fn values(times: impl Iterator<Item = i64>) -> Vec<(i64, f64)> {
    times.map(|ms| (ms, (ms / SECOND) as f64)).collect()
}

/// 240 samples are in a chunk, ten only in a batch; the process was down for longer than series stay in memory.
async fn samples_of_a_series_that_was_silent_for_days_survive_a_restart(world: World) {
    let first = world.now_ms() - HOUR;
    let platform = world.start().await;
    push(&platform, times(first, 240)).await.unwrap();
    eventually("a chunk", async || (status(&platform).await.metrics.chunks == 1).then_some(())).await;
    push(&platform, times(first, 250).skip(240)).await.unwrap();
    platform.finish_stop().await;

    world.advance(3 * DAY);
    let platform = world.start().await;
    assert_eq!(samples(&platform, "queue_depth", first, first + HOUR).await, values(times(first, 250)));
    platform.finish_stop().await;
}

/// Leaves memory, then gets samples before, at and after the end of what it has stored.
async fn a_series_that_left_memory_comes_back_with_what_it_has_sealed(world: World) {
    let first = world.now_ms();
    let platform = world.start().await;
    push(&platform, times(first, 300)).await.unwrap();
    forget(&world, &platform, 300).await;

    let report = push(&platform, times(first + 290 * SECOND, 20)).await.unwrap();
    assert_eq!((report.accepted, report.late + report.duplicate), (10, 10), "{report:?}");
    assert_eq!(samples(&platform, "queue_depth", first, first + HOUR).await, values(times(first, 310)));
    platform.finish_stop().await;
}

/// The batches that bring a series back say that it is new; replaying them must not store again what is in chunks.
async fn a_series_that_came_back_is_replayed_once(world: World) {
    let first = world.now_ms();
    let platform = world.start().await;
    push(&platform, times(first, 300)).await.unwrap();
    forget(&world, &platform, 300).await;
    let again = world.now_ms();
    push(&platform, times(again, 250)).await.unwrap();
    eventually("the full buffer in a chunk", async || {
        (status(&platform).await.metrics.chunk_samples > 300).then_some(())
    })
    .await;
    platform.finish_stop().await;

    world.advance(3 * DAY);
    let platform = world.start().await;
    let held = samples(&platform, "queue_depth", again, again + HOUR).await;
    assert_eq!(held, values(times(again, 250)));
    forget(&world, &platform, 550).await;
    assert_eq!(samples(&platform, "queue_depth", again, again + HOUR).await, held);
    platform.finish_stop().await;
}

/// Lets time pass until everything is in chunks and no series is in memory.
async fn forget(world: &World, platform: &platform::Platform, n: u64) {
    checkpoints(platform).await;
    world.advance(3 * DAY);
    all_in_chunks(platform, n).await;
    eventually("an empty memory", async || (status(platform).await.metrics.series == 0).then_some(())).await;
}
