//! Scrape targets that misbehave: each has a defined outcome, says so, and costs the others nothing.

use std::time::Duration;

use platform::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::process::{Site, eventually};

/// What a target does with each connection, after the request was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Good,
    Hangs,
    HangsMidway,
    Dribbles,
    Garbage,
    NoHttp,
    Page,
    Endless,
    Oversized,
    Redirects,
    Million,
    ClosesEarly,
    Fails,
}

const TEXT: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n";

impl Manner {
    /// Those that are down, and words of the reason.
    const BAD: &[(Self, &str)] = &[
        (Self::Hangs, "no complete answer within 500 ms"),
        (Self::HangsMidway, "no complete answer within 500 ms"),
        (Self::Dribbles, "no complete answer within 500 ms"),
        (Self::Garbage, "line 1"),
        (Self::NoHttp, ""),
        (Self::Page, "text/html"),
        (Self::Endless, "larger than scrape.max_body_bytes = 33554432"),
        (Self::Oversized, "larger than scrape.max_body_bytes = 33554432"),
        (Self::Redirects, "answered with status 302"),
        (Self::Million, "50000"),
        (Self::ClosesEarly, ""),
        (Self::Fails, "answered with status 500"),
    ];

    fn service(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    async fn answer(self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = [0; 4_096];
        if stream.read(&mut request).await? == 0 {
            return Ok(());
        }
        let whole = |body: &str| format!("{TEXT}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        let answer = match self {
            Self::Good => whole("good_total 1\ngood_level 2\n"),
            Self::Hangs => String::new(),
            Self::HangsMidway | Self::Dribbles => format!("{TEXT}Content-Length: 1000\r\n\r\ngood_total 1\n"),
            Self::Garbage => whole("{{{ \u{1f525} 7 \"\n"),
            Self::NoHttp => "220 mail.example.com ESMTP\r\n".to_owned(),
            Self::Page => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>".to_owned(),
            Self::Endless => format!("{TEXT}Connection: close\r\n\r\n"),
            Self::Oversized => format!("{TEXT}Content-Length: 99999999999\r\n\r\ngood_total 1\n"),
            Self::Redirects => "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_owned(),
            Self::Million => whole(&(0..1_000_000).map(|i| format!("m{{i=\"{i}\"}} 1\n")).collect::<String>()),
            Self::ClosesEarly => format!("{TEXT}Content-Length: 1000\r\n\r\ngood_total 1\n"),
            Self::Fails => "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await?;
        match self {
            Self::Hangs | Self::HangsMidway => std::future::pending().await,
            Self::Dribbles => {
                let mut ticks = tokio::time::interval(Duration::from_millis(20));
                loop {
                    ticks.tick().await;
                    stream.write_all(b"#").await?;
                }
            }
            Self::Endless => loop {
                stream.write_all("good_total 1\n".repeat(10_000).as_bytes()).await?;
            },
            _ => stream.shutdown().await,
        }
    }

    async fn serve(self, listener: TcpListener) {
        let mut open = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            // The other side may hang up at any point.
            open.spawn(async move { self.answer(stream).await.unwrap_or_default() });
        }
    }
}

/// Serves in the background and makes the target of it.
async fn target(site: &Site, serving: &mut JoinSet<()>, manner: Manner) -> Value {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    serving.spawn(manner.serve(listener));
    // Large answers take their time, in a debug build above all.
    let is_large = matches!(manner, Manner::Endless | Manner::Million);
    let timeout_ms = if is_large { 20_000 } else { 500 };
    make(site, &manner.service(), &url, timeout_ms).await
}

async fn make(site: &Site, service: &str, url: &str, timeout_ms: u32) -> Value {
    let input = json!({ "service": service, "url": url, "interval_ms": timeout_ms, "timeout_ms": timeout_ms });
    let answer = site.post("/api/v1/targets").json(&input).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    answer.json().await.unwrap()
}

/// How the last scrape of a target went, once there was one.
async fn last_scrape(site: &Site, target: &Value) -> Value {
    let path = format!("/api/v1/targets/{}", target["id"].as_str().unwrap());
    eventually("a scrape", async || {
        let target: Value = site.get(&path).send().await.unwrap().json().await.unwrap();
        (!target["last_scrape"].is_null()).then(|| target["last_scrape"].clone())
    })
    .await
}

async fn up(site: &Site, service: &str) -> Option<f64> {
    site.value(&format!("up{{service=\"{service}\"}}"), SystemClock.now_ms()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_targets_do_wrong_is_said_and_slows_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = Site::sqlite(folder.path());
    site.set("SCRAPE__MAX_BODY_BYTES", "33554432");
    let process = site.start().await;
    let mut serving = JoinSet::new();
    let good = target(&site, &mut serving, Manner::Good).await;
    assert_eq!(last_scrape(&site, &good).await["error"], Value::Null);

    let mut bad = Vec::new();
    for &(manner, words) in Manner::BAD {
        bad.push((manner.service(), words, target(&site, &mut serving, manner).await));
    }
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    bad.push(("nobody".to_owned(), "refused", make(&site, "nobody", &format!("http://{refused}/"), 500).await));
    bad.push((
        "metadata".to_owned(),
        "may not be called",
        make(&site, "metadata", "http://169.254.169.254/", 500).await,
    ));

    let since_ms = SystemClock.now_ms();
    for (service, words, target) in &bad {
        let scrape = last_scrape(&site, target).await;
        let error = scrape["error"].as_str().unwrap_or_default();
        assert!(scrape["is_up"] == false && !error.is_empty() && error.contains(words), "{service}: {scrape}");
        assert_eq!(scrape["samples"], 0, "{service}: nothing of a refused answer is kept");
        eventually(&format!("up = 0 of {service}"), async || (up(&site, service).await == Some(0.0)).then_some(()))
            .await;
    }

    // Twenty scrapes of the good one while all the others went wrong, none of them late.
    let query = "up{service=\"good\"}[10m]";
    let times = eventually("twenty scrapes", async || {
        let found = site.query(query, SystemClock.now_ms()).await;
        let values = found[0]["values"].as_array()?.clone();
        let times: Vec<_> = values.iter().map(|pair| (pair[0].as_f64().unwrap() * 1_000.0) as i64).collect();
        let times: Vec<_> = times.into_iter().filter(|&ms| ms >= since_ms).collect();
        (times.len() >= 20).then_some(times)
    })
    .await;
    let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert!(longest < 2_500, "the good target, scraped every 500 ms, once waited {longest} ms");
    assert_eq!(up(&site, "good").await, Some(1.0));
    process.stop().await;
}

/// Known series go on, new ones are refused, counted and named with the limit.
#[tokio::test(flavor = "multi_thread")]
async fn more_series_than_there_is_room_for_are_refused_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = Site::sqlite(folder.path());
    site.set("METRICS__MAX_SERIES", "1000");
    let process = site.start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    let mut serving = JoinSet::new();
    serving.spawn(async move {
        let lines: String = (0..5_000).map(|i| format!("m{{i=\"{i}\"}} 1\n")).collect();
        let answer = format!("{TEXT}Content-Length: {}\r\nConnection: close\r\n\r\n{lines}", lines.len());
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            if stream.read(&mut request).await.is_ok() {
                stream.write_all(answer.as_bytes()).await.unwrap_or_default();
            }
        }
    });
    let target = make(&site, "crowd", &url, 5_000).await;
    let scrape = last_scrape(&site, &target).await;
    assert_eq!((&scrape["is_up"], &scrape["samples"]), (&json!(true), &json!(1_000)), "{scrape}");
    let said = "4000 samples refused: there are 1000 series already, which is the limit `max_series`";
    assert!(scrape["error"].as_str().unwrap().starts_with(said), "{scrape}");
    let own = site.get("/metrics").send().await.unwrap().text().await.unwrap();
    let refused = own.lines().find_map(|line| line.strip_prefix("bellwether_samples_refused_total "));
    assert!(refused.unwrap().parse::<f64>().unwrap() >= 4_000.0, "{own}");
    process.stop().await;
}
