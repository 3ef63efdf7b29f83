//! One attempt at one target.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use hyper::body::Incoming;
use tokio::time::{Instant, sleep, timeout_at};

use super::ledger::Ledger;
use super::outgoing::passed_through;
use super::plan::Plan;
use super::translated;
use crate::cache::Kept;
use crate::chaos::Effect;
use crate::door::About;
use crate::failure::{Class, Failure, retry_after};
use crate::relay::{Codec, Deadlines, Pass, Relay, Seen, Source, look_at_whole};
use crate::settings::Kind;
use crate::simulate::{Simulated, simulate};
use crate::snapshot::TargetPlan;
use crate::upstream::{TooLarge, answer_headers, read_whole};

/// A larger answer is not held in memory.
const MAX_ANSWER: usize = 64 << 20;
/// Of an error's document no more is read.
const MAX_ERROR: usize = 256 << 10;
/// An error's document must be there after this long.
const ERROR_BODY: Duration = Duration::from_secs(5);

/// An answer that is good enough to be sent.
#[derive(Debug)]
pub(crate) enum Reply {
    /// One that was given before.
    Again(Kept),
    Whole {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        seen: Seen,
    },
    /// The first frames, and the rest to come.
    Stream {
        headers: HeaderMap,
        relay: Box<Relay>,
        held: VecDeque<Bytes>,
    },
}

/// Asks one target once, with what experiments do to it.
pub(super) async fn attempt(
    ledger: &mut Ledger,
    plan: &Plan,
    target: &TargetPlan,
    targets_left: usize,
    effects: Vec<Effect>,
) -> Result<Reply, Failure> {
    let limits = Limit::of(plan, targets_left);
    let spoiled = suffer(effects, limits).await?;
    if target.provider.settings.kind == Kind::Simulation {
        return play(ledger, plan, &target.model).await;
    }
    let Some(outgoing) = passed_through(plan, target) else {
        return translated::attempt(ledger, plan, target, limits, spoiled).await;
    };
    let sent = ledger.shared.upstream.send(outgoing.uri, outgoing.headers, outgoing.body);
    let response = limits.hold(sent).await??;
    ledger.status(response.status());
    if !response.status().is_success() {
        return Err(error_answer(response, limits).await);
    }
    if !plan.peek.stream {
        return whole(plan, response, limits, spoiled.is_some()).await;
    }
    let headers = answer_headers(response.headers());
    if !is_event_stream(&headers) {
        return Err(not_a_stream(plan, response, limits).await);
    }
    let codec = Codec::Pass(Pass::new(plan.door, plan.adds_usage(target)));
    begun(ledger, plan, Source::upstream(response.into_body(), spoiled), codec, limits.by, headers).await
}

/// The simulation's answer.
pub(super) async fn play(ledger: &mut Ledger, plan: &Plan, model: &str) -> Result<Reply, Failure> {
    ledger.is_simulated();
    let about = About {
        id: ledger.id(),
        model: model.to_owned(),
        created_secs: ledger.shared.clock.now_ms() / 1_000,
        wants_usage: plan.peek.wants_usage,
    };
    let simulated = simulate(plan.door, &plan.request.body, about)
        .map_err(|error| Failure::new(Class::BadRequest, error.to_string()))?;
    let mut headers = HeaderMap::new();
    match simulated {
        Simulated::Whole(wait, body) => {
            sleep(wait.min(plan.total - Instant::now())).await;
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let mut seen = Seen::default();
            look_at_whole(plan.door, &body, &mut seen)?;
            Ok(Reply::Whole { status: StatusCode::OK, headers, body, seen })
        }
        Simulated::Stream(script) => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
            // It writes usage exactly when the caller asked for it.
            let codec = Codec::Pass(Pass::new(plan.door, false));
            begun(ledger, plan, Source::simulated(script), codec, plan.total, headers).await
        }
    }
}

/// By when what must have happened, and what it is called when it has not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    pub(super) by: Instant,
    class: Class,
}

impl Limit {
    /// A stream has its first-token limit. An unstreamed answer has the route's limit for one attempt, or an equal share of what is left.
    fn of(plan: &Plan, targets_left: usize) -> Self {
        let now = Instant::now();
        let limits = &plan.route.settings.limits;
        let by = if plan.peek.stream {
            now + limits.first_token()
        } else if let Some(ms) = limits.attempt_ms {
            now + Duration::from_millis(ms)
        } else {
            now + plan.total.saturating_duration_since(now) / u32::try_from(targets_left.max(1)).unwrap_or(1)
        };
        if by < plan.total {
            Self { by, class: Class::FirstToken }
        } else {
            Self { by: plan.total, class: Class::Total }
        }
    }

    pub(super) async fn hold<T>(self, work: impl Future<Output = T>) -> Result<T, Failure> {
        timeout_at(self.by, work).await.map_err(|_| Failure::new(self.class, "no answer in time"))
    }
}

/// Lets an attempt suffer what experiments do to it, as far as that comes before its answer; answers with the chunk that is to be
/// spoiled, if any.
async fn suffer(effects: Vec<Effect>, limits: Limit) -> Result<Option<u64>, Failure> {
    let mut spoiled = None;
    for effect in effects {
        match effect {
            Effect::Delay(delay) => limits.hold(sleep(delay)).await?,
            Effect::Hang => limits.hold(pending::<()>()).await?,
            Effect::Refuse => return Err(Failure::new(Class::Unreachable, "no connection (injected)")),
            Effect::Fail => {
                return Err(Failure { status: Some(500), ..Failure::new(Class::Server, "answered 500 (injected)") });
            }
            Effect::Spoil { chunk } => spoiled = Some(chunk),
        }
    }
    Ok(spoiled)
}

async fn whole(plan: &Plan, response: Response<Incoming>, limits: Limit, is_spoiled: bool) -> Result<Reply, Failure> {
    let (status, headers) = (response.status(), answer_headers(response.headers()));
    let body = read_answer(response, limits, is_spoiled).await?;
    let mut seen = Seen::default();
    look_at_whole(plan.door, &body, &mut seen)?;
    Ok(Reply::Whole { status, headers, body, seen })
}

/// Reads a body; an experiment may have cut it in half.
pub(super) async fn read_answer(
    response: Response<Incoming>,
    limits: Limit,
    is_spoiled: bool,
) -> Result<Bytes, Failure> {
    let mut body = limits.hold(read_whole(response.into_body(), MAX_ANSWER)).await?.map_err(|error| match error {
        TooLarge::Over(_) => Failure::new(Class::TooLarge, error.to_string()),
        TooLarge::Broken(error) => Failure::new(Class::Reset, crate::upstream::chain(&error)),
    })?;
    if is_spoiled {
        body.truncate(body.len() / 2);
    }
    Ok(body)
}

/// Waits until the stream says something, or in buffered mode until it has said everything.
pub(super) async fn begun(
    ledger: &mut Ledger,
    plan: &Plan,
    source: Source,
    codec: Codec,
    first_token: Instant,
    headers: HeaderMap,
) -> Result<Reply, Failure> {
    let deadlines = Deadlines { first_token, silence: plan.route.settings.limits.silence(), total: plan.total };
    let mut relay = Box::new(Relay::new(source, codec, deadlines));
    let mut held = VecDeque::new();
    while let Some(bytes) = poll_fn(|cx| relay.poll_next(cx)).await {
        held.push_back(bytes?);
        if relay.seen.has_begun {
            ledger.first_token();
            if let Some(failure) = relay.take_failure() {
                return Err(failure);
            }
            if !plan.route.settings.buffered {
                break;
            }
        }
    }
    Ok(Reply::Stream { headers, relay, held })
}

pub(super) async fn error_answer(response: Response<Incoming>, limits: Limit) -> Failure {
    let (head, body) = response.into_parts();
    let wait = retry_after(&head.headers);
    let by = limits.by.min(Instant::now() + ERROR_BODY);
    // Without its document an error is still an error.
    let body = match timeout_at(by, read_whole(body, MAX_ERROR)).await {
        Ok(Ok(body)) => body,
        _ => Bytes::new(),
    };
    Failure::from_answer(head.status.as_u16(), wait, body)
}

async fn not_a_stream(plan: &Plan, response: Response<Incoming>, limits: Limit) -> Failure {
    match whole(plan, response, limits, false).await {
        Err(failure) => failure,
        Ok(_) => Failure::new(Class::Malformed, "a stream was asked for, and a document came"),
    }
}

pub(super) fn is_event_stream(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// `Retry-After` for a caller.
pub(super) fn set_retry_after(headers: &mut HeaderMap, wait_secs: Option<u64>) {
    if let Some(secs) = wait_secs {
        headers.insert(RETRY_AFTER, HeaderValue::from(secs));
    }
}
