//! What goes back to the caller.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::Frame;

use super::attempt::set_retry_after;
use super::ledger::Ledger;
use crate::door::{Refusal, error_document, error_event};
use crate::failure::Failure;
use crate::relay::Relay;
use crate::request::Door;

/// What goes back to the caller.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// All headers but those that depend on how the body is sent.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

/// A body, at once or as it comes.
#[derive(Debug)]
pub enum Body {
    /// All of it.
    Full(Bytes),
    /// Server-sent events. Boxed, because it carries the whole state of the call.
    Stream(Box<AnswerStream>),
}

impl Answer {
    pub(crate) fn json(status: u16, mut headers: HeaderMap, body: Bytes) -> Self {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        Self { status, headers, body: Body::Full(body) }
    }

    pub(crate) fn error(door: Option<Door>, refusal: &Refusal, request_id: &str) -> Self {
        Self::refusal(refusal, error_document(door, refusal, request_id))
    }

    pub(super) fn refusal(refusal: &Refusal, body: Bytes) -> Self {
        let mut headers = HeaderMap::new();
        set_retry_after(&mut headers, refusal.retry_after_secs);
        Self::json(refusal.status, headers, body)
    }
}

/// A streamed body: a [`Stream`] of bytes and an [`http_body::Body`]. Dropping it is hanging up: the provider's call is stopped and
/// the record is told.
#[derive(Debug)]
pub struct AnswerStream {
    door: Door,
    held: VecDeque<Bytes>,
    relay: Box<Relay>,
    /// The provider's headers, when the answer is to be kept.
    kept_headers: Option<HeaderMap>,
    /// Gone when the record has been told.
    ledger: Option<Ledger>,
}

impl AnswerStream {
    pub(super) fn new(
        door: Door,
        held: VecDeque<Bytes>,
        relay: Box<Relay>,
        ledger: Ledger,
        kept_headers: Option<HeaderMap>,
    ) -> Self {
        Self { door, held, relay, kept_headers, ledger: Some(ledger) }
    }

    fn poll_bytes(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let Some(ledger) = &mut self.ledger else { return Poll::Ready(None) };
        let next = match self.held.pop_front() {
            Some(bytes) => Some(Ok(bytes)),
            None => ready!(self.relay.poll_next(cx)),
        };
        match next {
            Some(Ok(bytes)) => {
                ledger.sent(&bytes);
                Poll::Ready(Some(bytes))
            }
            Some(Err(failure)) => Poll::Ready(Some(self.incomplete(&failure))),
            None => {
                self.complete();
                Poll::Ready(None)
            }
        }
    }

    /// The one event that says that no more will come.
    fn incomplete(&mut self, failure: &Failure) -> Bytes {
        let message = format!("the answer could not be completed: {} ({})", failure.message, failure.class.code());
        let event = error_event(self.door, "stream_incomplete", &message);
        if let Some(mut ledger) = self.ledger.take() {
            ledger.sent(&event);
            ledger.stream_failed(failure, message, &self.relay.seen);
        }
        event
    }

    fn complete(&mut self) {
        if let Some(ledger) = self.ledger.take() {
            ledger.stream_done(&self.relay.seen, self.kept_headers.take());
        }
    }
}

impl Drop for AnswerStream {
    fn drop(&mut self) {
        // Many clients go away right after the last event; they have everything.
        if self.held.is_empty() && self.relay.is_complete() {
            self.complete();
        } else if let Some(ledger) = self.ledger.take() {
            ledger.hung_up(&self.relay.seen);
        }
    }
}

impl Stream for AnswerStream {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_bytes(cx).map(|bytes| bytes.map(Ok))
    }
}

impl http_body::Body for AnswerStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.poll_bytes(cx).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
