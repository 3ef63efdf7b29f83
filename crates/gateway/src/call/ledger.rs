//! The record of a call while the call lasts.
//!
//! Always true: whichever way the call leaves, the record is told once: explicitly, or by being dropped.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::time::Instant;

use super::answer::{Answer, AnswerStream, Body};
use super::attempt::{Reply, play};
use super::plan::Plan;
use crate::breaker::Permit;
use crate::door::{Refusal, error_document};
use crate::failure::{Class, Failure};
use crate::gateway::Shared;
use crate::json;
use crate::peek::Peek;
use crate::record::{Attempt, AttemptOutcome, Bodies, Outcome, Record, Skipped, Usage};
use crate::relay::{Relay, Seen};
use crate::request::{Door, Request};
use crate::snapshot::{RoutePlan, TargetPlan};
use crate::tokens;

/// Of a body no more is kept.
const MAX_KEPT: usize = 256 << 10;
/// The status in records of callers who went away before there was one.
const HUNG_UP: u16 = 499;

/// The attempt that is running or whose stream is on its way.
#[derive(Debug)]
struct Running {
    attempt: Attempt,
    began: Instant,
    permit: Option<Permit>,
}

/// The record of a call while the call lasts.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(super) shared: Arc<Shared>,
    pub(super) started: Instant,
    record: Option<Box<Record>>,
    running: Option<Running>,
    /// Of the request, to count its tokens when nobody says how many they were.
    body: Bytes,
    kept: Option<BytesMut>,
    answered: Option<Instant>,
}

impl Ledger {
    pub(super) fn open(shared: Arc<Shared>, door: Door, request: &Request) -> Self {
        let record = Record {
            id: request.id.clone(),
            started_ms: shared.clock.now_ms(),
            door,
            caller: request.caller.clone(),
            requested_model: String::new(),
            route: None,
            is_stream: false,
            status: HUNG_UP,
            outcome: Outcome::HungUp,
            error: None,
            provider: None,
            model: None,
            finish: None,
            attempts: Vec::with_capacity(1),
            usage: Usage::default(),
            first_token_us: None,
            total_us: 0,
            overhead_us: 0,
            request_bytes: request.body.len() as u64,
            answer_bytes: 0,
            is_simulated: false,
            bodies: None,
        };
        let started = Instant::now();
        Self {
            shared,
            started,
            record: Some(Box::new(record)),
            running: None,
            body: request.body.clone(),
            kept: None,
            answered: None,
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut Record)) {
        if let Some(record) = &mut self.record {
            change(record);
        }
    }

    pub(super) fn asked(&mut self, peek: &Peek) {
        self.edit(|record| {
            record.requested_model.clone_from(&peek.model);
            record.is_stream = peek.stream;
        });
    }

    pub(super) fn routed(&mut self, route: &RoutePlan, body: &Bytes) {
        if route.settings.keep_bodies {
            self.kept = Some(BytesMut::new());
            let request = body.slice(..body.len().min(MAX_KEPT));
            self.edit(|record| record.bodies = Some(Bodies { request, answer: Bytes::new() }));
        }
        self.edit(|record| record.route = Some(route.name.clone()));
    }

    pub(super) fn id(&self) -> String {
        self.record.as_ref().map(|record| record.id.clone()).unwrap_or_default()
    }

    pub(super) fn is_simulated(&mut self) {
        self.edit(|record| record.is_simulated = true);
    }

    pub(super) fn skip(&mut self, target: &TargetPlan, skipped: Skipped) {
        let attempt =
            self.attempt(target.provider.name.clone(), target.model.clone(), AttemptOutcome::Skipped(skipped));
        self.edit(|record| record.attempts.push(attempt));
    }

    /// What the skipped targets were skipped for, in words.
    pub(super) fn why_skipped(&self) -> String {
        let attempts = self.record.iter().flat_map(|record| &record.attempts);
        let reasons = attempts.filter_map(|attempt| match attempt.outcome {
            AttemptOutcome::Skipped(skipped) => {
                Some(format!("{}/{} {}", attempt.provider, attempt.model, skipped.words()))
            }
            _ => None,
        });
        let reasons: Vec<String> = reasons.collect();
        if reasons.is_empty() { "none fits this request".to_owned() } else { reasons.join("; ") }
    }

    pub(super) fn all_skipped_as(&self, reason: Skipped) -> bool {
        let mut attempts = self.record.iter().flat_map(|record| &record.attempts).peekable();
        attempts.peek().is_some() && attempts.all(|attempt| attempt.outcome == AttemptOutcome::Skipped(reason))
    }

    pub(super) fn begin(&mut self, target: &TargetPlan, permit: Permit) {
        self.start(target.provider.name.clone(), target.model.clone(), Some(permit));
    }

    fn start(&mut self, provider: Arc<str>, model: Arc<str>, permit: Option<Permit>) {
        let attempt = self.attempt(provider, model, AttemptOutcome::Abandoned);
        let elapsed = micros(self.started.elapsed());
        self.edit(|record| {
            if record.attempts.iter().all(|attempt| matches!(attempt.outcome, AttemptOutcome::Skipped(_))) {
                record.overhead_us = elapsed;
            }
        });
        self.running = Some(Running { attempt, began: Instant::now(), permit });
    }

    fn attempt(&self, provider: Arc<str>, model: Arc<str>, outcome: AttemptOutcome) -> Attempt {
        let started_us = micros(self.started.elapsed());
        Attempt {
            provider,
            model,
            started_us,
            duration_us: 0,
            first_token_us: None,
            status: None,
            outcome,
            message: None,
            retry_after_ms: None,
        }
    }

    pub(super) fn status(&mut self, status: StatusCode) {
        if let Some(running) = &mut self.running {
            running.attempt.status = Some(status.as_u16());
        }
    }

    /// The running attempt has said something.
    pub(super) fn first_token(&mut self) {
        if let Some(running) = &mut self.running
            && running.attempt.first_token_us.is_none()
        {
            running.attempt.first_token_us = Some(micros(running.began.elapsed()));
        }
    }

    pub(super) fn attempt_failed(&mut self, failure: &Failure) {
        self.end_attempt(AttemptOutcome::Failed(failure.class), Some(failure));
    }

    fn end_attempt(&mut self, outcome: AttemptOutcome, failure: Option<&Failure>) {
        let Some(Running { mut attempt, began, permit }) = self.running.take() else { return };
        let took = began.elapsed();
        attempt.duration_us = micros(took);
        attempt.outcome = outcome;
        if let Some(failure) = failure {
            attempt.message = Some(failure.message.clone());
            attempt.retry_after_ms =
                failure.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        }
        if let Some(permit) = permit {
            let until_token = attempt.first_token_us.map_or(took, Duration::from_micros);
            match outcome {
                AttemptOutcome::Answered => permit.end(true, until_token),
                AttemptOutcome::Failed(class) if counts(class, failure) => permit.end(false, until_token),
                _ => drop(permit),
            }
        }
        self.edit(|record| record.attempts.push(attempt));
    }

    /// Lets the simulation answer, because nobody else does.
    pub(super) async fn simulated(&mut self, plan: &Plan) -> Result<Reply, Failure> {
        self.start("simulation".into(), plan.peek.model.as_str().into(), None);
        let reply = play(self, plan, &plan.peek.model).await;
        if let Err(failure) = &reply {
            self.attempt_failed(failure);
        }
        reply
    }

    pub(super) fn whole(mut self, status: StatusCode, mut headers: HeaderMap, body: Bytes, seen: Seen) -> Answer {
        self.first_token();
        self.answered = Some(Instant::now());
        self.account(&seen, true);
        self.sent(&body);
        self.end_attempt(AttemptOutcome::Answered, None);
        self.label(&mut headers);
        self.tell(status.as_u16(), Outcome::Succeeded, None);
        Answer { status, headers, body: Body::Full(body) }
    }

    pub(super) fn stream(mut self, mut headers: HeaderMap, relay: Box<Relay>, held: VecDeque<Bytes>) -> Answer {
        self.label_running(&mut headers);
        let door = self.record.as_ref().map_or(Door::Chat, |record| record.door);
        let first_token_us = micros(self.started.elapsed());
        self.edit(|record| {
            record.status = StatusCode::OK.as_u16();
            record.first_token_us = Some(first_token_us);
        });
        Answer {
            status: StatusCode::OK,
            headers,
            body: Body::Stream(Box::new(AnswerStream::new(door, held, relay, self))),
        }
    }

    pub(super) fn refused(mut self, refusal: &Refusal) -> Answer {
        self.error(refusal, Outcome::Refused)
    }

    pub(super) fn failed(mut self, failure: Failure) -> Answer {
        let wait = failure.retry_after.map(|wait| wait.as_secs().max(1));
        let is_callers_fault =
            matches!(failure.class, Class::BadRequest | Class::ContentRefused | Class::ContextLength);
        let status = failure.status.filter(|_| is_callers_fault).unwrap_or(failure.class.status());
        let mut refusal = Refusal::new(status, failure.class.code(), failure.message);
        refusal.retry_after_secs =
            wait.filter(|_| matches!(failure.class, Class::RateLimited | Class::Overloaded | Class::Quota));
        let own_words = failure.body.filter(|body| is_callers_fault && json::find(body, "error").is_some());
        match own_words {
            // The provider speaks the caller's language and says best what is wrong with the request.
            Some(body) => self.error_with(&refusal, Outcome::Failed, body),
            None => self.error(&refusal, Outcome::Failed),
        }
    }

    fn error(&mut self, refusal: &Refusal, outcome: Outcome) -> Answer {
        let door = self.record.as_ref().map(|record| record.door);
        self.error_with(refusal, outcome, error_document(door, refusal, &self.id()))
    }

    fn error_with(&mut self, refusal: &Refusal, outcome: Outcome, body: Bytes) -> Answer {
        self.sent(&body);
        let mut answer = Answer::refusal(refusal, body);
        self.label(&mut answer.headers);
        self.tell(refusal.status, outcome, Some((refusal.code.clone(), refusal.message.clone())));
        answer
    }

    /// Bytes go out.
    pub(super) fn sent(&mut self, bytes: &Bytes) {
        self.edit(|record| record.answer_bytes += bytes.len() as u64);
        if let Some(kept) = &mut self.kept {
            let room = MAX_KEPT.saturating_sub(kept.len());
            kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }

    pub(super) fn stream_done(mut self, seen: &Seen) {
        self.account(seen, true);
        self.end_attempt(AttemptOutcome::Answered, None);
        self.tell(StatusCode::OK.as_u16(), Outcome::Succeeded, None);
    }

    pub(super) fn stream_failed(mut self, failure: &Failure, message: String, seen: &Seen) {
        self.account(seen, false);
        self.end_attempt(AttemptOutcome::Failed(failure.class), Some(failure));
        self.tell(StatusCode::OK.as_u16(), Outcome::Incomplete, Some(("stream_incomplete".to_owned(), message)));
    }

    pub(super) fn hung_up(mut self, seen: &Seen) {
        self.account(seen, false);
        self.end_attempt(AttemptOutcome::Abandoned, None);
        self.tell(StatusCode::OK.as_u16(), Outcome::HungUp, None);
    }

    /// What was used: by the provider's word where it is complete, else counted.
    fn account(&mut self, seen: &Seen, is_whole: bool) {
        let usage = match seen.usage {
            Some(usage) if is_whole => usage,
            said => {
                let said = said.unwrap_or_default();
                let input = if said.input > 0 { said.input } else { tokens::of_body(&self.body) };
                Usage { input, output: said.output.max(tokens::of_bytes(seen.text_bytes)), is_estimated: true, ..said }
            }
        };
        let target =
            self.running.as_ref().map(|running| (running.attempt.provider.clone(), running.attempt.model.clone()));
        self.edit(|record| {
            record.usage = usage;
            record.finish.clone_from(&seen.finish);
            (record.provider, record.model) = target.unzip();
        });
    }

    /// The headers that say who answered, for an answer that is over.
    fn label(&self, headers: &mut HeaderMap) {
        let Some(record) = &self.record else { return };
        let tried =
            record.attempts.iter().filter(|attempt| !matches!(attempt.outcome, AttemptOutcome::Skipped(_))).count();
        label(headers, record, record.provider.as_deref().zip(record.model.as_deref()), tried);
    }

    /// The same for one whose attempt is still running.
    fn label_running(&self, headers: &mut HeaderMap) {
        let (Some(record), Some(running)) = (&self.record, &self.running) else { return };
        let tried =
            record.attempts.iter().filter(|attempt| !matches!(attempt.outcome, AttemptOutcome::Skipped(_))).count();
        label(headers, record, Some((&running.attempt.provider, &running.attempt.model)), tried + 1);
    }

    fn tell(&mut self, status: u16, outcome: Outcome, error: Option<(String, String)>) {
        let Some(mut record) = self.record.take() else { return };
        (record.status, record.outcome, record.error) = (status, outcome, error);
        record.total_us = micros(self.started.elapsed());
        if let Some(answered) = self.answered {
            record.overhead_us += micros(answered.elapsed());
        }
        if let (Some(bodies), Some(kept)) = (&mut record.bodies, self.kept.take()) {
            bodies.answer = kept.freeze();
        }
        self.shared.recorder.record(record);
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if self.record.is_some() {
            self.end_attempt(AttemptOutcome::Abandoned, None);
            self.tell(HUNG_UP, Outcome::HungUp, None);
        }
    }
}

/// A provider that says when to come back is not ill.
fn counts(class: Class, failure: Option<&Failure>) -> bool {
    let said_when = failure.is_some_and(|failure| failure.retry_after.is_some());
    class.counts_against_target() && !(class == Class::RateLimited && said_when)
}

fn label(headers: &mut HeaderMap, record: &Record, answered: Option<(&str, &str)>, attempts: usize) {
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-bellwether-request-id", &record.id);
    if let Some((provider, model)) = answered {
        set("x-bellwether-provider", provider);
        set("x-bellwether-model", model);
    }
    if record.is_simulated {
        set("x-bellwether-simulated", "true");
    }
    headers.insert(HeaderName::from_static("x-bellwether-attempts"), HeaderValue::from(attempts));
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
