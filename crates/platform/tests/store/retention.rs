//! Older samples are rolled up, still answer, and go at last.

use domain::metric::{PushSample, PushSamples};
use platform::Platform;
use platform::actor::Actor;

use crate::on_both;
use crate::world::{DAY, HOUR, SECOND, World, all_in_chunks, at, samples};

on_both!(samples_are_rolled_up_asked_and_expired, the_audit_trail_goes_after_its_time);

const MINUTE: i64 = 60 * SECOND;

/// A counter and a gauge, a sample a minute for three hours.
async fn push_three_hours(platform: &Platform, from_ms: i64) {
    let of = |metric: &'static str, value: fn(i64) -> f64| {
        (0..180_i64).map(move |minute| PushSample {
            service: "shop".to_owned(),
            metric: metric.to_owned(),
            value: value(minute),
            timestamp: Some(at(from_ms + minute * MINUTE)),
            labels: std::collections::BTreeMap::new(),
        })
    };
    let all = of("orders_total", |minute| minute as f64 * 6.0).chain(of("stock", |minute| (minute % 10) as f64));
    let report = platform.metrics().push(&Actor::System, PushSamples { samples: all.collect() }).await.unwrap();
    assert_eq!(report.accepted, 360);
}

async fn value(platform: &Platform, query: &str, at_ms: i64) -> Option<f64> {
    let answer = platform.metrics().query(&Actor::System, query, Some(at_ms)).await.unwrap();
    let answer = serde_json::to_value(&answer).unwrap();
    answer["result"][0]["value"][1].as_str()?.parse().ok()
}

async fn samples_are_rolled_up_asked_and_expired(world: World) {
    // At the beginning of a bucket.
    let from = world.now_ms() - world.now_ms() % (5 * MINUTE);
    world.advance(4 * HOUR);
    let platform = world.start().await;
    push_three_hours(&platform, from).await;
    crate::world::checkpoints(&platform).await;
    world.advance(HOUR);
    all_in_chunks(&platform, 360).await;

    let run = async || platform.system().run_retention(&Actor::System).await.unwrap();
    let nothing_yet = run().await;
    assert_eq!((nothing_yet.samples_rolled_up, nothing_yet.raw_chunks_deleted), (0, 0));
    world.advance(i64::from(world.config.retention.raw_days) * DAY + 6 * HOUR);
    let done = run().await;
    assert_eq!((done.samples_rolled_up, done.raw_chunks_deleted, done.rollup_chunks_written), (360, 2, 2), "{done:?}");
    let again = run().await;
    assert_eq!((again.samples_rolled_up, again.rollup_chunks_written), (0, 0), "{again:?}");

    // Also after a restart: memory holds none of it.
    platform.finish_stop().await;
    let platform = world.start().await;
    let buckets = samples(&platform, "orders_total", from, from + 3 * HOUR).await;
    let expected: Vec<_> = (0..36).map(|i| (from + (i + 1) * 5 * MINUTE - 1, (i * 5 + 4) as f64 * 6.0)).collect();
    // The last one ends with the last sample.
    assert_eq!(buckets[..35], expected[..35]);
    assert_eq!(buckets[35], (from + 179 * MINUTE, 179.0 * 6.0));
    let end = from + 3 * HOUR - MINUTE;
    assert_eq!(value(&platform, "max_over_time(stock[1h])", end).await, Some(9.0));
    assert_eq!(value(&platform, "min_over_time(stock[1h])", end).await, Some(0.0));
    assert_eq!(value(&platform, "avg_over_time(stock[59m])", end).await, Some(4.5));
    assert_eq!(value(&platform, "stock", end).await, Some(9.0));
    let rate = value(&platform, "rate(orders_total[1h])", end).await.unwrap();
    // The last bucket is not whole, so it ends a minute nearer than the others are apart.
    assert!((rate - 0.1).abs() < 0.1 * 60.0 / 3_540.0 + 1e-6, "{rate}");

    // Late for what was rolled up, although no raw chunk says so.
    let late = PushSample {
        service: "shop".to_owned(),
        metric: "stock".to_owned(),
        value: 1_000.0,
        timestamp: Some(at(from + MINUTE / 2)),
        labels: std::collections::BTreeMap::new(),
    };
    let report = platform.metrics().push(&Actor::System, PushSamples { samples: vec![late] }).await.unwrap();
    assert_eq!((report.accepted, report.late), (0, 1));

    world.advance(i64::from(world.config.retention.rollup_days) * DAY);
    let done = platform.system().run_retention(&Actor::System).await.unwrap();
    assert_eq!(done.rollup_chunks_deleted, 2, "{done:?}");
    assert!(samples(&platform, "stock", from, end).await.is_empty());
    assert!(platform.system().run_retention(&Actor::Anonymous).await.is_err());
    platform.finish_stop().await;
}

async fn the_audit_trail_goes_after_its_time(world: World) {
    let platform = world.start().await;
    platform.teams().create(&Actor::System, domain::user::NameTeam { name: "first".to_owned() }).await.unwrap();
    let entries = async || platform.audit().list(&Actor::System, Default::default()).await.unwrap().items;
    let before = entries().await;
    assert!(!before.is_empty());
    let days = i64::from(world.config.retention.audit_days);
    world.advance((days - 1) * DAY);
    assert_eq!(platform.system().run_retention(&Actor::System).await.unwrap().audit_entries_deleted, 0);
    world.advance(2 * DAY);
    let done = platform.system().run_retention(&Actor::System).await.unwrap();
    assert_eq!(done.audit_entries_deleted, before.len() as u64);
    let left: Vec<_> = entries().await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(left, ["retention.run", "retention.run"], "the runs themselves are newer");
    platform.finish_stop().await;
}
