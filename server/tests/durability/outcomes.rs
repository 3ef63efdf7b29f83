//! What becomes of odd samples, asked through the API.

use metrics::sample::STALE_NAN;
use metrics::{Labels, Sample};
use platform::clock::{Clock as _, SystemClock};
use reqwest::Response;
use serde_json::{Value, json};

use crate::process::{Process, Site, eventually, refusal};
use crate::send::{labels, push, write};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

async fn start(settings: &[(&str, &str)]) -> (tempfile::TempDir, Site, Process) {
    let folder = tempfile::tempdir().unwrap();
    let mut site = Site::sqlite(folder.path());
    for (name, value) in settings {
        site.set(name, value);
    }
    let process = site.start().await;
    (folder, site, process)
}

fn series(name: &str) -> Labels {
    labels(name, &[("service", "odd")])
}

fn samples(from_ms: i64, values: &[f64]) -> Vec<Sample> {
    values.iter().enumerate().map(|(i, &value)| Sample::new(from_ms + i as i64 * SECOND, value)).collect()
}

async fn report(answer: Response) -> [u64; 4] {
    assert_eq!(answer.status(), 200);
    let report: Value = answer.json().await.unwrap();
    ["accepted", "duplicate", "late", "over_limit"].map(|name| report[name].as_u64().unwrap())
}

async fn values(site: &Site, selector: &str, at_ms: i64) -> Vec<String> {
    let found = site.query(&format!("{selector}[10m]"), at_ms).await;
    let values = found[0]["values"].as_array().into_iter().flatten();
    values.map(|pair| pair[1].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_late_samples_and_those_between() {
    let (_folder, site, process) = start(&[]).await;
    let from = SystemClock.now_ms() - 9 * MINUTE;
    let send = async |samples: Vec<Sample>| report(push(&site, &[(series("a"), samples)]).send().await.unwrap()).await;
    assert_eq!(send(vec![Sample::new(from, 1.0), Sample::new(from + 4 * SECOND, 5.0)]).await, [2, 0, 0, 0]);
    assert_eq!(send(vec![Sample::new(from, 99.0)]).await, [0, 1, 0, 0]);
    assert_eq!(send(vec![Sample::new(from + 2 * SECOND, 3.0), Sample::new(from - SECOND, 0.0)]).await, [2, 0, 0, 0]);
    let now = SystemClock.now_ms();
    assert_eq!(values(&site, "a", now).await, ["0", "1", "3", "5"]);

    // A full buffer is sealed: what would have to go into it is late.
    let full: Vec<_> = (0..240).map(|i| i as f64).collect();
    let of = async |samples: Vec<Sample>| report(push(&site, &[(series("b"), samples)]).send().await.unwrap()).await;
    assert_eq!(of(samples(from, &full)).await, [240, 0, 0, 0]);
    assert_eq!(of(vec![Sample::new(from + SECOND / 2, 7.0)]).await, [0, 0, 1, 0]);
    // Remote-write has no report: both are taken, so that the sender goes on.
    let again = write(&site, &[(series("b"), vec![Sample::new(from + SECOND / 2, 7.0), Sample::new(from, 0.0)])]);
    assert_eq!(again.send().await.unwrap().status(), 204);
    assert_eq!(values(&site, "b", now).await.len(), 240);
    process.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nan_infinity_staleness_and_counters_that_start_again() {
    let (_folder, site, process) = start(&[]).await;
    let from = SystemClock.now_ms() - 9 * MINUTE;
    let send = async |name: &str, values: &[f64]| {
        let answer = write(&site, &[(series(name), samples(from, values))]).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    };
    send("odd_value", &[1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]).await;
    let at = from + 10 * SECOND;
    assert_eq!(values(&site, "odd_value", at).await, ["1", "NaN", "+Inf", "-Inf", "-0"]);

    send("ends", &[1.0, 2.0, STALE_NAN]).await;
    assert_eq!(site.value("ends", from + SECOND).await, Some(2.0));
    assert_eq!(site.query("ends", from + 3 * SECOND).await, json!([]), "ended at once, not after five minutes");
    assert_eq!(values(&site, "ends", at).await, ["1", "2"], "a marker is no value");
    let resumed = write(&site, &[(series("ends"), vec![Sample::new(from + 5 * SECOND, 4.0)])]).send().await.unwrap();
    assert_eq!((resumed.status().as_u16(), site.value("ends", at).await), (204, Some(4.0)));

    // 10 → 14 is 4, from zero to 3 is 3, 3 → 5 is 2.
    send("starts_again_total", &[10.0, 14.0, 3.0, 5.0]).await;
    let query = "increase(starts_again_total[3s])";
    let found = site.value(query, from + 3 * SECOND).await.unwrap();
    assert!((found - 9.0).abs() < 1e-9, "{query} = {found}");
    assert_eq!(site.value("resets(starts_again_total[1m])", at).await, Some(1.0));
    process.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_cannot_be_are_refused() {
    let (_folder, site, process) = start(&[]).await;
    let now = SystemClock.now_ms();
    for wrong in [now + 60 * MINUTE, now - 46 * 24 * 60 * MINUTE] {
        let both = [(series("c"), vec![Sample::new(wrong, 1.0), Sample::new(now, 2.0)])];
        let (status, _, message) = refusal(push(&site, &both).send().await.unwrap()).await;
        assert_eq!(status, 422, "{message}");
        assert!(message.starts_with("samples[0].timestamp: must be"), "{message}");
        // Remote-write takes what can be taken and says what cannot, so that it is not sent again.
        let (status, _, message) = refusal(write(&site, &both).send().await.unwrap()).await;
        assert_eq!(status, 400, "{message}");
        assert!(message.starts_with("1 samples were refused: the time"), "{message}");
    }
    assert_eq!(values(&site, "c", now).await, ["2"]);
    process.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_too_large_are_413_each_by_its_own_limit() {
    let settings = [("SERVER__MAX_BODY_BYTES", "2048"), ("METRICS__MAX_WRITE_BYTES", "8192")];
    let (_folder, site, process) =
        start(&[settings.as_slice(), &[("METRICS__MAX_REQUEST_BYTES", "20000")]].concat()).await;
    let from = SystemClock.now_ms() - 9 * MINUTE;
    let noise = |n: i64| -> Vec<_> { (0..n).map(|i| Sample::new(from + i, (i as f64).sin())).collect() };
    let of = |n| [(series("d"), noise(n))];
    // Larger than the limit of other bodies, within its own.
    assert_eq!(write(&site, &of(250)).send().await.unwrap().status(), 204);
    let (status, _, message) = refusal(write(&site, &of(1_000)).send().await.unwrap()).await;
    assert!(status == 413 && message.contains("metrics.max_write_bytes = 8192"), "{status} {message}");
    // Small as sent, large as meant: what repeats compresses well.
    let padding = "x".repeat(2_000);
    let long = |n: i64| (labels("e", &[("padding", &padding), ("n", &n.to_string())]), noise(1));
    let series: Vec<_> = (0..15).map(long).collect();
    let (status, _, message) = refusal(write(&site, &series).send().await.unwrap()).await;
    assert!(status == 413 && message.contains("the limit is 20000"), "{status} {message}");
    let (status, _, message) = refusal(push(&site, &of(100)).send().await.unwrap()).await;
    assert_eq!(status, 413, "{message}");
    assert_eq!(values(&site, "d", from + MINUTE).await.len(), 250);
    process.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_memory_names_its_limit_and_known_series_go_on() {
    let (_folder, site, process) = start(&[("METRICS__MAX_SERIES", "100")]).await;
    let now = SystemClock.now_ms();
    let numbered =
        |n: usize, ms| (labels("f", &[("service", "odd"), ("n", &n.to_string())]), vec![Sample::new(ms, 1.0)]);
    let hundred: Vec<_> = (0..100).map(|n| numbered(n, now - SECOND)).collect();
    assert_eq!(report(push(&site, &hundred).send().await.unwrap()).await, [100, 0, 0, 0]);
    let mixed = [numbered(1, now), numbered(100, now)];
    let (status, retry, message) = refusal(push(&site, &mixed).send().await.unwrap()).await;
    assert_eq!((status, retry.as_deref()), (503, Some("5")));
    assert!(message.contains("there are 100 series already, which is the limit `max_series`"), "{message}");
    let (status, _, message) = refusal(write(&site, &mixed).send().await.unwrap()).await;
    assert!(status == 400 && message.contains("`max_series`"), "{status} {message}");
    assert_eq!(site.value("count(f)", now).await, Some(100.0));
    assert_eq!(site.value("sum(count_over_time(f[1m]))", now).await, Some(101.0));
    let own = site.get("/metrics").send().await.unwrap().text().await.unwrap();
    assert!(own.contains("bellwether_samples_refused_total 3.0\n"), "{own}");
    process.stop().await;
}

/// The service is named by `service`, else `service_name`, else `job`.
#[tokio::test(flavor = "multi_thread")]
async fn signals_of_what_was_written_belong_to_the_service_its_labels_name() {
    let (_folder, site, process) = start(&[("METRICS__SIGNAL_INTERVAL_SECS", "1")]).await;
    for (name, pairs) in [
        ("one", [("service", "one"), ("job", "other")]),
        ("two", [("service_name", "two"), ("job", "other")]),
        ("three", [("job", "three"), ("instance", "x")]),
    ] {
        let requests = labels("http_requests_total", &[pairs[0], pairs[1], ("status", "200")]);
        let query = format!("request_rate{{service=\"{name}\"}}");
        let mut count = 0.0;
        let rate = eventually(&format!("the request rate of {name}"), async || {
            count += 10.0;
            let now = SystemClock.now_ms();
            let answer = write(&site, &[(requests.clone(), vec![Sample::new(now, count)])]).send().await.unwrap();
            assert_eq!(answer.status(), 204);
            site.value(&query, now).await
        })
        .await;
        assert!(rate > 0.0, "{query} = {rate}");
    }
    process.stop().await;
}
