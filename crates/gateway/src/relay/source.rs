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
pub(crate) struct Source {
    from: From,
    /// So many chunks more, and one is damaged by an experiment.
    spoils_in: Option<u64>,
}

#[derive(Debug)]
enum From {
    Upstream(Incoming),
    Simulated(Script),
}

impl Source {
    pub(crate) fn upstream(incoming: Incoming, spoils_in: Option<u64>) -> Self {
        Self { from: From::Upstream(incoming), spoils_in }
    }

    pub(crate) fn simulated(script: Script) -> Self {
        Self { from: From::Simulated(script), spoils_in: None }
    }

    /// The next chunk; nothing at a clean end.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let mut next = ready!(self.poll_whole(cx));
        if let (Some(Ok(chunk)), Some(left)) = (&mut next, self.spoils_in) {
            if left == 0 {
                // Half of it, as if the frame ended there.
                *chunk = Bytes::from([&chunk[..chunk.len() / 2], b"\n\n"].concat());
            }
            self.spoils_in = left.checked_sub(1);
        }
        Poll::Ready(next)
    }

    fn poll_whole(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        let incoming = match &mut self.from {
            From::Upstream(incoming) => incoming,
            From::Simulated(script) => return script.poll_next(cx).map(|chunk| chunk.map(Ok)),
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
