//! What ends is not missed; what falls silent is, but not because Bellwether was away.

use domain::anomaly::{Anomaly, AnomalyFilter, AnomalyStatus};
use domain::target::CreateTarget;
use platform::Platform;
use platform::actor::Actor;
use sea_orm::ConnectionTrait as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::on_both;
use crate::world::{HOUR, SECOND, World, eventually, push};

on_both!(
    a_deleted_target_is_not_missed_and_its_anomaly_is_over,
    a_target_that_went_while_nobody_looked_is_not_missed,
    silence_is_counted_from_when_bellwether_listens,
);

/// A target that answers, or fails when it is told to.
struct Shop {
    port: u16,
    is_well: watch::Sender<bool>,
    _serving: JoinSet<()>,
}

impl Shop {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (is_well, state) = watch::channel(true);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut n = 0;
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4_096];
                if stream.read(&mut request).await.is_err() {
                    continue;
                }
                n += 10;
                let body = format!("http_requests_total{{status=\"200\"}} {n}\nstock 5\n");
                let status = if *state.borrow() { "200 OK" } else { "500 Failed" };
                let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close");
                let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                stream.write_all(answer.as_bytes()).await.unwrap_or_default();
            }
        });
        Self { port, is_well, _serving: serving }
    }

    async fn target(&self, platform: &Platform) -> domain::target::Target {
        let input = CreateTarget {
            service: "shop".to_owned(),
            url: format!("http://127.0.0.1:{}/metrics", self.port),
            interval_ms: 500,
            timeout_ms: 500,
            sample_limit: 1_000,
            labels: std::collections::BTreeMap::new(),
            is_enabled: true,
        };
        platform.targets().create(&Actor::System, input).await.unwrap()
    }
}

async fn value(platform: &Platform, world: &World, query: &str) -> Option<f64> {
    let answer = platform.metrics().query(&Actor::System, query, Some(world.now_ms())).await.unwrap();
    let answer = serde_json::to_value(&answer).unwrap();
    answer["result"][0]["value"][1].as_str()?.parse().ok()
}

/// Scrapes a second apart by the clock, until everything has a rhythm and there are signals.
async fn scrape_for_a_while(platform: &Platform, world: &World) {
    for _ in 0..15 {
        world.advance(SECOND);
        let at = world.now_ms();
        eventually("a scrape", async || {
            (value(platform, world, "timestamp(up)").await? * 1_000.0 >= at as f64).then_some(())
        })
        .await;
    }
    eventually("a signal", async || value(platform, world, "request_rate").await).await;
}

async fn open(platform: &Platform) -> Vec<Anomaly> {
    let filter = AnomalyFilter { status: Some(AnomalyStatus::Open), ..AnomalyFilter::default() };
    platform.anomalies().list(&Actor::System, filter).await.unwrap().anomalies
}

/// Waits until silence was looked for with the clock as it stands.
async fn listened(platform: &Platform) {
    let runs = || {
        let tasks = platform.system().tasks(&Actor::System).unwrap();
        tasks.iter().find(|task| task.name == "missing").map_or(0, |task| task.runs)
    };
    let before = runs();
    eventually("two looks for silence", async || (runs() >= before + 2).then_some(())).await;
}

async fn has_ended(platform: &Platform, world: &World) {
    eventually("the end of all its series", async || {
        (value(platform, world, "count({service=\"shop\"})").await).is_none().then_some(())
    })
    .await;
}

async fn a_deleted_target_is_not_missed_and_its_anomaly_is_over(world: World) {
    let (platform, shop) = (world.start().await, Shop::open().await);
    let target = shop.target(&platform).await;
    scrape_for_a_while(&platform, &world).await;
    shop.is_well.send_replace(false);
    let down = eventually("an anomaly of the target", async || {
        world.advance(SECOND);
        open(&platform).await.pop()
    })
    .await;
    assert_eq!((down.metric.as_str(), down.service.as_str()), ("up", "shop"));

    platform.targets().delete(&Actor::System, target.id).await.unwrap();
    has_ended(&platform, &world).await;
    eventually("the end of the anomaly", async || open(&platform).await.is_empty().then_some(())).await;
    world.advance(HOUR);
    listened(&platform).await;
    assert_eq!(open(&platform).await, []);
    platform.finish_stop().await;
}

async fn a_target_that_went_while_nobody_looked_is_not_missed(world: World) {
    let (platform, shop) = (world.start().await, Shop::open().await);
    shop.target(&platform).await;
    scrape_for_a_while(&platform, &world).await;
    platform.finish_stop().await;
    let stranger = world.connection().await;
    stranger.execute_unprepared("DELETE FROM target").await.unwrap();
    stranger.close().await.unwrap();

    world.advance(SECOND);
    let platform = world.start().await;
    has_ended(&platform, &world).await;
    world.advance(HOUR);
    listened(&platform).await;
    assert_eq!(open(&platform).await, []);
    platform.finish_stop().await;
}

async fn silence_is_counted_from_when_bellwether_listens(world: World) {
    let platform = world.start().await;
    for _ in 0..20 {
        world.advance(10 * SECOND);
        push(&platform, std::iter::once(world.now_ms())).await.unwrap();
    }
    platform.finish_stop().await;

    world.advance(HOUR);
    let platform = world.start().await;
    listened(&platform).await;
    assert_eq!(open(&platform).await, [], "nobody could have heard it");
    world.advance(HOUR);
    let missing = eventually("an anomaly", async || open(&platform).await.pop()).await;
    assert_eq!((missing.service.as_str(), missing.detector.as_str()), ("mail", "missing"));
    push(&platform, std::iter::once(world.now_ms())).await.unwrap();
    eventually("its end", async || open(&platform).await.is_empty().then_some(())).await;
    platform.finish_stop().await;
}
