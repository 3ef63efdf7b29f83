//! A real Prometheus that scrapes and writes to Bellwether: nothing it had is missing, and both answer the same.

use std::collections::BTreeMap;
use std::net::TcpListener as Port;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use platform::clock::{Clock as _, SystemClock};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::process::{Site, eventually};

/// The version whose answers Bellwether gives.
const REFERENCE: &str = "version 2.42.";

struct Prometheus {
    child: Child,
    port: u16,
}

impl Prometheus {
    fn start(folder: &Path, site: &Site, target: u16) -> Option<Self> {
        let said = Command::new("prometheus").arg("--version").output().ok();
        let said = said.map(|out| String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned());
        if !said.as_deref().unwrap_or_default().contains(REFERENCE) {
            println!("skipped: needs prometheus {REFERENCE} (Debian 12: apt-get install prometheus), found {said:?}");
            return None;
        }
        let config = format!(
            "global: {{scrape_interval: 500ms, scrape_timeout: 400ms}}\n\
             scrape_configs: [{{job_name: shop, static_configs: [{{targets: ['127.0.0.1:{target}']}}]}}]\n\
             remote_write:\n- url: {}\n  authorization: {{credentials: {}}}\n  \
             queue_config: {{batch_send_deadline: 500ms, min_backoff: 100ms, max_backoff: 500ms}}\n",
            site.url("/api/v1/write"),
            site.key
        );
        std::fs::write(folder.join("prometheus.yml"), config).unwrap();
        let port = Port::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("prometheus")
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=prometheus"])
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, port })
    }

    async fn query(&self, site: &Site, query: &str, at_ms: i64) -> Option<Value> {
        let time = format!("{:.3}", at_ms as f64 / 1_000.0);
        let asked = serde_urlencoded::to_string([("query", query), ("time", &time)]).unwrap();
        let url = format!("http://127.0.0.1:{}/api/v1/query?{asked}", self.port);
        let answer: Value = site.http.get(url).send().await.ok()?.json().await.ok()?;
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        Some(answer["data"]["result"].clone())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().ok();
    }
}

/// A target whose numbers change with each scrape, with a counter that starts again now and then.
async fn shop(listener: TcpListener, scrapes: Arc<AtomicU64>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut request = [0; 4_096];
        // Connections are kept: several scrapes come over one.
        while stream.read(&mut request).await.is_ok_and(|n| n > 0) {
            let n = scrapes.fetch_add(1, Ordering::AcqRel);
            let mut body = format!("# TYPE orders_total counter\norders_total{{kind=\"new\"}} {}\n", n % 13 * 7);
            body += &format!("orders_total{{kind=\"old\"}} {n}\n# TYPE stock gauge\nstock {}\n", (n as f64).sin());
            if n % 8 < 5 {
                body += "comes_and_goes 1\n";
            }
            body += "# TYPE took_seconds histogram\n";
            for (le, share) in [("0.1", 1), ("0.5", 3), ("+Inf", 4)] {
                body += &format!("took_seconds_bucket{{le=\"{le}\"}} {}\n", n * share);
            }
            body += &format!("took_seconds_sum {}\ntook_seconds_count {}\n", n as f64 * 0.7, n * 4);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length";
            if stream.write_all(format!("{head}: {}\r\n\r\n{body}", body.len()).as_bytes()).await.is_err() {
                break;
            }
        }
    }
}

/// Samples of every series, by labels.
fn by_labels(result: &Value) -> BTreeMap<String, Value> {
    let list = result.as_array().into_iter().flatten();
    list.map(|series| {
        let points = if series["values"].is_null() { &series["value"] } else { &series["values"] };
        (series["metric"].to_string(), points.clone())
    })
    .collect()
}

/// Equal labels and times, and values within the rounding of a different order of addition.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::String(a), Value::String(b)) => match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            _ => a == b,
        },
        _ => ours.as_f64().is_some() && ours.as_f64() == theirs.as_f64(),
    }
}

async fn compare(site: &Site, prometheus: &Prometheus, query: &str, at_ms: i64) {
    let theirs = by_labels(&prometheus.query(site, query, at_ms).await.unwrap());
    let ours = by_labels(&site.query(query, at_ms).await);
    assert!(!theirs.is_empty(), "{query}: Prometheus has no answer, so this compares nothing");
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{query} at {at_ms}");
    for (labels, theirs) in &theirs {
        assert!(same(&ours[labels], theirs), "{query} at {at_ms}, {labels}:\n{}\nPrometheus: {theirs}", ours[labels]);
    }
}

const QUERIES: &[&str] = &[
    "stock",
    "rate(orders_total[5s])",
    "increase(orders_total[10s])",
    "sum without (kind) (rate(orders_total[8s]))",
    "resets(orders_total[20s])",
    "histogram_quantile(0.9, sum by (le, job) (rate(took_seconds_bucket[10s])))",
    "rate(took_seconds_sum[10s]) / rate(took_seconds_count[10s])",
    "max_over_time(stock[15s]) - min_over_time(stock[15s])",
    "avg_over_time(stock[20s])",
    "stddev_over_time(stock[20s])",
    "quantile_over_time(0.3, stock[20s])",
    "count_over_time(comes_and_goes[30s])",
    "changes(stock[10s])",
    "deriv(stock[10s])",
    "predict_linear(orders_total{kind=\"old\"}[10s], 60)",
    "topk(1, orders_total)",
    "orders_total offset 3s",
    "count by (job) ({__name__=~\".+\"})",
    "label_replace(up, \"host\", \"$1\", \"instance\", \"(.*):.*\")",
    "avg_over_time(rate(orders_total[4s])[10s:1s])",
];

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_loses_nothing_over_kills_and_both_answer_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::sqlite(folder.path());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let Some(prometheus) = Prometheus::start(folder.path(), &site, listener.local_addr().unwrap().port()) else {
        return;
    };
    let scrapes = Arc::new(AtomicU64::new(0));
    let mut serving = JoinSet::new();
    serving.spawn(shop(listener, Arc::clone(&scrapes)));

    // Two kills while it sends; it sends again what was not acknowledged.
    for enough in [15, 35] {
        let process = site.start().await;
        eventually("scrapes", async || (scrapes.load(Ordering::Acquire) >= enough).then_some(())).await;
        let at = SystemClock.now_ms();
        eventually("samples written", async || site.value("orders_total", at).await).await;
        process.kill();
    }
    let process = site.start().await;
    eventually("more scrapes", async || (scrapes.load(Ordering::Acquire) >= 75).then_some(())).await;
    // A time both have everything of: ours is there when a later sample is.
    let at = SystemClock.now_ms();
    eventually("a later sample", async || {
        let newest = site.value("max(timestamp(scrape_series_added))", SystemClock.now_ms()).await?;
        (newest * 1_000.0 > at as f64 + 1_000.0).then_some(())
    })
    .await;

    for metric in ["orders_total", "stock", "comes_and_goes", "up", "took_seconds_bucket", "scrape_samples_scraped"] {
        compare(&site, &prometheus, &format!("{metric}[5m]"), at).await;
    }
    for query in QUERIES {
        for back_ms in [0, 1_700, 9_100] {
            compare(&site, &prometheus, query, at - back_ms).await;
        }
    }
    process.stop().await;
}
