//! From a provider's stream to the caller's: frames are passed on as they come, looked at on the way, and held to the limits.
//!
//! Always true: only whole frames go out; a stream ends either as a whole answer or with a failure, never silently short; no
//! frame of a second provider ever follows one of a first.

mod pass;
mod seen;
mod source;
mod translate;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, Sleep, sleep_until};

pub(crate) use pass::Pass;
pub(crate) use seen::{Seen, look_at_whole};
pub(crate) use source::Source;
pub(crate) use translate::Translate;

use crate::failure::{Class, Failure};

/// After the provider has said that it is done, its connection has this long to end by itself, so that it can be used again.
const END: Duration = Duration::from_secs(1);

/// What must happen by when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// By then something must have been said.
    pub(crate) first_token: Instant,
    /// No more than this between two frames.
    pub(crate) silence: Duration,
    /// By then all must be over.
    pub(crate) total: Instant,
}

/// How frames become what the caller gets.
#[derive(Debug)]
pub(crate) enum Codec {
    /// Both speak the same protocol.
    Pass(Pass),
    /// They do not.
    Translate(Box<Translate>),
}

impl Codec {
    fn push(&mut self, chunk: Bytes, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        match self {
            Self::Pass(pass) => pass.push(chunk, seen, out),
            Self::Translate(translate) => translate.push(chunk, seen, out),
        }
    }

    fn finish(&mut self, seen: &mut Seen, out: &mut VecDeque<Bytes>) -> Result<(), Failure> {
        match self {
            Self::Pass(pass) => pass.finish(seen, out),
            Self::Translate(translate) => translate.finish(seen, out),
        }
    }
}

/// A stream on its way.
#[derive(Debug)]
pub(crate) struct Relay {
    source: Source,
    codec: Codec,
    deadlines: Deadlines,
    /// What has been seen so far.
    pub(crate) seen: Seen,
    out: VecDeque<Bytes>,
    failure: Option<Failure>,
    has_ended: bool,
    last_frame: Instant,
    timer: Pin<Box<Sleep>>,
}

impl Relay {
    pub(crate) fn new(source: Source, codec: Codec, deadlines: Deadlines) -> Self {
        let timer = Box::pin(sleep_until(deadlines.first_token.min(deadlines.total)));
        Self {
            source,
            codec,
            deadlines,
            seen: Seen::default(),
            out: VecDeque::new(),
            failure: None,
            has_ended: false,
            last_frame: Instant::now(),
            timer,
        }
    }

    /// Whether everything that belongs to the answer has been handed out.
    pub(crate) fn is_complete(&self) -> bool {
        self.out.is_empty() && self.failure.is_none() && (self.has_ended || self.seen.is_done)
    }

    /// A failure that has happened behind the frames that are still to be handed out.
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// The next frames for the caller. Nothing: the answer is whole. After a failure or the end nothing more comes.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Failure>>> {
        loop {
            if let Some(bytes) = self.out.pop_front() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            if let Some(failure) = self.failure.take() {
                self.has_ended = true;
                return Poll::Ready(Some(Err(failure)));
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            match self.source.poll_next(cx) {
                Poll::Ready(Some(Ok(chunk))) => {
                    let frames = self.seen.frames;
                    self.failure = self.codec.push(chunk, &mut self.seen, &mut self.out).err();
                    if self.seen.frames != frames {
                        self.last_frame = Instant::now();
                    }
                }
                Poll::Ready(Some(Err(failure))) => self.ended(Some(failure)),
                Poll::Ready(None) => self.ended(None),
                Poll::Pending => ready!(self.poll_limits(cx)),
            }
        }
    }

    /// The source has ended. Whether that was the end of the answer, the codec knows.
    fn ended(&mut self, broken: Option<Failure>) {
        self.has_ended = true;
        if let Err(failure) = self.codec.finish(&mut self.seen, &mut self.out) {
            self.has_ended = false;
            self.failure = Some(broken.unwrap_or(failure));
        }
    }

    /// Ready when a limit was passed, which then is the failure, or the quiet end of a stream that is done.
    fn poll_limits(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let (limit, class) = self.nearest();
            if limit < self.timer.deadline() {
                self.timer.as_mut().reset(limit);
            }
            ready!(self.timer.as_mut().poll(cx));
            if Instant::now() < limit {
                self.timer.as_mut().reset(limit);
                continue;
            }
            match class {
                Some(class) => self.failure = Some(Failure::new(class, limit_message(class, self.deadlines.silence))),
                None => self.has_ended = true,
            }
            return Poll::Ready(());
        }
    }

    fn nearest(&self) -> (Instant, Option<Class>) {
        if self.seen.is_done {
            return (self.last_frame + END, None);
        }
        let (limit, class) = if self.seen.has_begun {
            (self.last_frame + self.deadlines.silence, Class::Silence)
        } else {
            (self.deadlines.first_token, Class::FirstToken)
        };
        if self.deadlines.total <= limit { (self.deadlines.total, Some(Class::Total)) } else { (limit, Some(class)) }
    }
}

fn limit_message(class: Class, silence: Duration) -> String {
    match class {
        Class::Silence => format!("no frame for {} ms", silence.as_millis()),
        Class::Total => "the time of the call was over".to_owned(),
        _ => "no token in time".to_owned(),
    }
}
