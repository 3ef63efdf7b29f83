//! A stream that was written beforehand.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Sleep, sleep};

/// Chunks and the pauses before them.
#[derive(Debug, Default)]
pub(crate) struct Script {
    chunks: VecDeque<(Duration, Bytes)>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Script {
    /// Adds a chunk after a pause. An empty one only lengthens the next pause.
    pub(crate) fn then(&mut self, pause: Duration, text: String) {
        match self.chunks.back_mut() {
            Some((_, last)) if pause.is_zero() => *last = Bytes::from([&last[..], text.as_bytes()].concat()),
            _ => self.chunks.push_back((pause, Bytes::from(text))),
        }
    }

    /// The next chunk, when its time has come.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            if let Some(timer) = &mut self.timer {
                ready!(timer.as_mut().poll(cx));
                self.timer = None;
            }
            let Some((pause, chunk)) = self.chunks.front_mut() else { return Poll::Ready(None) };
            if pause.is_zero() {
                let chunk = std::mem::take(chunk);
                self.chunks.pop_front();
                if !chunk.is_empty() {
                    return Poll::Ready(Some(chunk));
                }
            } else {
                self.timer = Some(Box::pin(sleep(std::mem::take(pause))));
            }
        }
    }
}
