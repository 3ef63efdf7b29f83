//! One call and its times.
//!
//! Always true: a call ends within its timeout; an answer counts as good only when it is whole: a success status, and for
//! a stream an end that the protocol says.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Instant;

use super::Args;
use super::body::Shape;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Answered,
    /// A stream that did not end as it should.
    Incomplete,
    Status(u16),
    TimedOut,
    /// No connection, or one that broke.
    Broken,
}

/// What a call took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) ending: Ending,
    /// From when it was due to its end.
    pub(super) took: Duration,
    /// From when it was due to the first byte of a stream.
    pub(super) first: Option<Duration>,
    pub(super) bytes: u64,
}

/// Sends calls.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    client: reqwest::Client,
    url: String,
    key: Option<String>,
    timeout: Duration,
}

impl Caller {
    pub(super) fn new(args: &Args) -> anyhow::Result<Self> {
        Ok(Self {
            client: platform::outbound_client().context("making a client")?,
            url: format!("{}{}", args.url.trim_end_matches('/'), args.path),
            key: args.key.clone(),
            timeout: Duration::from_secs_f64(args.timeout),
        })
    }

    /// Sends a call that is due at a time.
    pub(super) async fn call(self, shape: Shape, due: Instant) -> Done {
        let mut done = Done { ending: Ending::TimedOut, took: Duration::ZERO, first: None, bytes: 0 };
        if let Ok(ending) = tokio::time::timeout(self.timeout, self.exchange(shape, due, &mut done)).await {
            done.ending = ending.unwrap_or(Ending::Broken);
        }
        done.took = due.elapsed();
        done
    }

    async fn exchange(&self, shape: Shape, due: Instant, done: &mut Done) -> reqwest::Result<Ending> {
        let mut request = self.client.post(&self.url).header("content-type", "application/json").body(shape.body);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let mut response = request.send().await?;
        let status = response.status();
        let mut tail = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            done.first.get_or_insert_with(|| due.elapsed());
            done.bytes += chunk.len() as u64;
            tail.extend_from_slice(&chunk);
            tail.drain(..tail.len().saturating_sub(TAIL));
        }
        Ok(match status.is_success() {
            false => Ending::Status(status.as_u16()),
            true if shape.is_stream && !is_end(&tail) => Ending::Incomplete,
            true => Ending::Answered,
        })
    }
}

/// Bytes at the end of a stream in which its last event is looked for.
const TAIL: usize = 256;

/// `OpenAI`'s streams end with `[DONE]`, Anthropic's with `message_stop`, responses with `response.completed`.
fn is_end(tail: &[u8]) -> bool {
    let tail = String::from_utf8_lossy(tail);
    ["data: [DONE]", "message_stop", "response.completed"].iter().any(|end| tail.contains(end))
}
