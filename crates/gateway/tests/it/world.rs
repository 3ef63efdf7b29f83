//! A gateway with fakes behind it, and what it records.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use gateway::breaker::BreakerChange;
use gateway::settings::{Kind, Limits, Provider, Route, Settings, Target};
use gateway::{Answer, AttemptOutcome, Body, Caller, Clock, Gateway, Record, Recorder, Request};
use http::{HeaderMap, Method};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::fake::{Act, Fake};

pub(crate) const HELLO: &str = r#"{"id":"1","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}}"#;
pub(crate) const ROLE: &str =
    "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
pub(crate) const WORD: &str = "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
pub(crate) const MORE: &str = "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" there\"}}]}\n\n";
pub(crate) const STOP: &str =
    "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
pub(crate) const USAGE: &str =
    "data: {\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\n";
pub(crate) const DONE: &str = "data: [DONE]\n\n";

/// A clock that is moved by hand.
#[derive(Debug, Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        1_800_000_000_000 + self.0.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
struct Told {
    records: UnboundedSender<Record>,
    changes: UnboundedSender<BreakerChange>,
}

impl Recorder for Told {
    fn record(&self, record: Box<Record>) {
        self.records.send(*record).ok();
    }

    fn breaker_changed(&self, change: &BreakerChange) {
        self.changes.send(change.clone()).ok();
    }
}

pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) records: UnboundedReceiver<Record>,
    pub(crate) changes: UnboundedReceiver<BreakerChange>,
}

impl World {
    pub(crate) fn new(settings: Settings) -> Self {
        let (records_in, records) = unbounded_channel();
        let (changes_in, changes) = unbounded_channel();
        let clock = Arc::new(TestClock::default());
        let told = Told { records: records_in, changes: changes_in };
        let gateway = Gateway::new(clock.clone(), Arc::new(told)).unwrap();
        gateway.configure(settings).unwrap();
        Self { gateway, clock, records, changes }
    }

    /// One route `r` over the fakes, which are the providers `p0`, `p1`, ….
    pub(crate) fn over(fakes: &[&Fake], edit: impl FnOnce(&mut Route)) -> Self {
        Self::new(settings(fakes, edit))
    }

    pub(crate) async fn call(&mut self, body: &str) -> Outcome {
        self.call_with("/v1/chat/completions", HeaderMap::new(), body).await
    }

    pub(crate) async fn call_at(&mut self, path: &str, body: &str) -> Outcome {
        self.call_with(path, HeaderMap::new(), body).await
    }

    /// Calls, reads the answer to its end and takes the record.
    pub(crate) async fn call_with(&mut self, path: &str, headers: HeaderMap, body: &str) -> Outcome {
        let request = Request { headers, ..request(path, body) };
        let limit = Duration::from_secs(10);
        let answer = tokio::time::timeout(limit, self.gateway.call(request)).await.expect("no call hangs");
        let (status, headers) = (answer.status.as_u16(), answer.headers.clone());
        let body = tokio::time::timeout(limit, read(answer)).await.expect("no stream hangs");
        let record = self.record().await;
        assert!(self.records.try_recv().is_err(), "one record a call");
        Outcome { status, headers, body, record }
    }

    pub(crate) async fn record(&mut self) -> Record {
        tokio::time::timeout(Duration::from_secs(5), self.records.recv()).await.expect("a record comes").unwrap()
    }
}

pub(crate) fn request(path: &str, body: &str) -> Request {
    Request {
        id: "req_1".to_owned(),
        method: Method::POST,
        path: path.to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_owned()),
        caller: Caller { service: "shop".to_owned(), key: Some("key_1".to_owned()), ..Caller::default() },
    }
}

pub(crate) async fn read(answer: Answer) -> String {
    match answer.body {
        Body::Full(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        Body::Stream(mut stream) => {
            let mut text = String::new();
            while let Some(Ok(bytes)) = stream.next().await {
                text.push_str(std::str::from_utf8(&bytes).unwrap());
            }
            text
        }
    }
}

/// What a caller got, and what was recorded.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) record: Record,
}

impl Outcome {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The attempts as words: `p0 rate_limited`, `p1 answered`.
    pub(crate) fn attempts(&self) -> Vec<String> {
        attempts(&self.record)
    }
}

pub(crate) fn attempts(record: &Record) -> Vec<String> {
    let words = |outcome: AttemptOutcome| {
        let value = serde_json::to_value(outcome).unwrap();
        value.get("of").unwrap_or(&value["is"]).as_str().unwrap().to_owned()
    };
    record.attempts.iter().map(|attempt| format!("{} {}", attempt.provider, words(attempt.outcome))).collect()
}

pub(crate) fn settings(fakes: &[&Fake], edit: impl FnOnce(&mut Route)) -> Settings {
    let providers = fakes
        .iter()
        .enumerate()
        .map(|(i, fake)| Provider { base_url: Some(fake.base_url()), ..Provider::new(format!("p{i}"), Kind::OpenAi) });
    let targets = (0..fakes.len()).map(|i| Target::new(format!("p{i}"), format!("m-{i}"))).collect();
    let mut route = Route::new("r", targets);
    route.limits = Limits { first_token_ms: 250, silence_ms: 250, total_ms: 2_000, attempt_ms: Some(250) };
    route.retries = 0;
    edit(&mut route);
    Settings { providers: providers.collect(), routes: vec![route], ..Settings::default() }
}

pub(crate) fn ask(stream: bool) -> String {
    format!(r#"{{"model":"r","stream":{stream},"messages":[{{"role":"user","content":"Say hello"}}]}}"#)
}

pub(crate) async fn answering() -> Fake {
    Fake::doing([Act::json(200, HELLO)]).await
}

pub(crate) async fn streaming() -> Fake {
    Fake::doing([Act::frames(&[ROLE, WORD, MORE, STOP, USAGE, DONE])]).await
}
