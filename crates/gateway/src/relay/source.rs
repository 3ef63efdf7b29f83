//! Where chunks come from.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Body;
use hyper::body::Incoming;

use crate::failure::{Class, Failure};
use crate::simulate::Script;

/// A provider's stream, or the simulation's.
#[derive(Debug)]
pub(crate) enum Source {
    Upstream(Incoming),
    Simulated(Script),
}

impl Source {
    /// The next chunk; nothing at a clean end.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let incoming = match self {
            Self::Upstream(incoming) => incoming,
            Self::Simulated(script) => return script.poll_next(cx).map(|chunk| chunk.map(Ok)),
        };
        loop {
            match ready!(Pin::new(&mut *incoming).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(Failure::new(Class::Reset, crate::upstream::chain(&error)))));
                }
                None => return Poll::Ready(None),
            }
        }
    }
}
